import Hummingbird
import Readiness

extension Routes {
  func agencies(_ request: Request, _: Context) async throws -> Response {
    let query = try Query(request, "limit", "cursor")
    return try await standing(request) { judgement throws(Problem) in
      try Page(of: judgement.agencies, id: \.agency.id, query) { AgencyDocument($0) }
    }
  }

  func agency(_ request: Request, _ context: Context) async throws -> Response {
    let id = try identifier(request, context)
    return try await standing(request) { judgement throws(Problem) in
      guard let verdict = judgement.agencies.element(id, by: \.agency.id) else {
        throw Self.unknown("agency", id)
      }
      return AgencyDocument(verdict, isSingle: true)
    }
  }

  func systems(_ request: Request, _: Context) async throws -> Response {
    let query = try Query(request, "agency", "limit", "cursor")
    let agency = query["agency"]
    return try await standing(request) { judgement throws(Problem) in
      try Page(of: judgement.systems, id: \.system.id, query) {
        agency == nil || $0.system.agency == agency
      } _: {
        SystemDocument($0)
      }
    }
  }

  func system(_ request: Request, _ context: Context) async throws -> Response {
    let id = try identifier(request, context)
    return try await standing(request) { judgement throws(Problem) in
      guard let verdict = judgement.systems.element(id, by: \.system.id) else {
        throw Self.unknown("system", id)
      }
      return SystemDocument(verdict)
    }
  }

  func hosts(_ request: Request, _: Context) async throws -> Response {
    let query = try Query(request, "agency", "system", "state", "limit", "cursor")
    let (agency, system) = (query["agency"], query["system"])
    let state = try query.word("state", HostState.self)
    return try await standing(request) { judgement throws(Problem) in
      try Page(of: judgement.hosts, id: \.host.id, query) {
        (agency == nil || $0.host.agency == agency) && (system == nil || $0.host.system == system)
          && (state == nil || $0.state == state)
      } _: {
        HostDocument($0)
      }
    }
  }

  func host(_ request: Request, _ context: Context) async throws -> Response {
    let id = try identifier(request, context)
    return try await standing(request) { judgement throws(Problem) in
      guard let verdict = judgement.hosts.element(id, by: \.host.id) else { throw Self.unknown("host", id) }
      return HostDocument(verdict, isSingle: true)
    }
  }

  func checks(_ request: Request, _: Context) async throws -> Response {
    let query = try Query(request, "host", "check", "verdict", "limit", "cursor")
    let filter = CheckFilter(
      host: query["host"], check: try query.word("check", CheckID.self),
      verdict: try query.word("verdict", Verdict.self))
    let (limit, cursor) = (try query.limit, try query.cursor)
    let picture = try await picture()
    let tag = EntityTag(generation: picture.generation, of: boot)
    if tag.isKnown(to: request) { return tag.unchanged }
    let index = filter.needsIndex ? await indexes.index(of: picture) : nil
    let found = picture.judgement.rows(filter, after: cursor.map(CheckPlace.init), limit: limit, index: index)
    let page = Page(
      items: found.rows.map { CheckDocument($0) }, next: found.last.map { query.next(after: $0.text) })
    return Self.show(page, page.next, tag)
  }

  /// Prometheus' HTTP service discovery: a list of all, without pages.
  func targets(_ request: Request, _: Context) async throws -> Response {
    let query = try Query(request, "agency", "system")
    let (agency, system) = (query["agency"], query["system"])
    return try await standing(request) { judgement throws(Problem) in
      judgement.hosts.map(\.host).filter {
        (agency == nil || $0.agency == agency) && (system == nil || $0.system == system)
      }.map { TargetGroup($0) }
    }
  }

  /// Where everything stands.
  func picture() async throws(Problem) -> DashboardPicture {
    guard let picture = await source.picture else {
      throw Problem(
        .serviceUnavailable, "no round has ended yet; ask again when /-/ready says so",
        headers: [.retryAfter: "30"])
    }
    return picture
  }

  /// A document made from where everything stands, unless the client has it.
  private func standing<Document: Encodable>(
    _ request: Request, _ make: (Judgement) throws(Problem) -> Document
  ) async throws(Problem) -> Response {
    let picture = try await picture()
    let tag = EntityTag(generation: picture.generation, of: boot)
    // Who has the tag has seen the resource in this picture. A star asks whether there is one.
    let asksForAny = request.headers[.ifNoneMatch] == "*"
    if !asksForAny && tag.isKnown(to: request) { return tag.unchanged }
    let document = try make(picture.judgement)
    if asksForAny { return tag.unchanged }
    return Self.show(document, (document as? any Linked)?.next, tag)
  }

  /// A document, with the way to the next page.
  static func show(_ document: some Encodable, _ next: String?, _ tag: EntityTag) -> Response {
    var headers: HTTPFields = [.eTag: tag.text]
    if let next { headers[Response.link] = "<\(next)>; rel=\"next\"" }
    return .json(JSONText.encode(document), headers: headers)
  }

  /// The id in the path.
  func identifier(_ request: Request, _ context: Context) throws(Problem) -> String {
    _ = try Query(request)
    guard let id = context.parameters.get("id")?.removingPercentEncoding else {
      throw Problem(.badRequest, "the path is not percent-encoded UTF-8")
    }
    return id
  }

  static func unknown(_ what: String, _ id: String) -> Problem {
    Problem(.notFound, "there is no \(what) \"\(id)\"")
  }
}

/// What may go on on another page.
private protocol Linked {
  var next: String? { get }
}

extension Page: Linked {}
