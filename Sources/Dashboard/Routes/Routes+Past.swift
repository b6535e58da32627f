import Hummingbird
import NIOPosix
import Observations
import Store

extension Routes {
  func runs(_ request: Request, _: Context) async throws -> Response {
    let query = try Query(request, "limit", "cursor")
    let (limit, cursor) = (try query.limit, try query.cursor.map(RunPlace.init))
    let found = try await read(empty: []) { store throws(StoreError) in
      try RunPlace.runs(in: store, after: cursor, limit: limit)
    }
    let items = found.prefix(limit).map { RunDocument($0) }
    let next =
      found.count > limit ? RunPlace(id: found[limit - 1].id, depth: (cursor?.depth ?? 0) + limit) : nil
    return Self.show(Page(items: items, next: next.map { query.next(after: $0.text) }), to: request)
  }

  func run(_ request: Request, _ context: Context) async throws -> Response {
    let id = try identifier(request, context)
    let run = try await read(empty: nil) { store throws(StoreError) in try store.run(id) }
    guard let run, run.kind == .audit else { throw Self.unknown("run", id) }
    let document = JSONText.encode(RunDocument(run))
    let tag = EntityTag(document)
    return tag.isKnown(to: request) ? tag.unchanged : .json(document, headers: [.eTag: tag.text])
  }

  func changes(_ request: Request, _: Context) async throws -> Response {
    let query = try Query(request, "host", "limit", "cursor")
    let (limit, host) = (try query.limit, query["host"])
    var before = Int64.max
    if let cursor = try query.cursor {
      guard let number = Int64(cursor), number > 0 else {
        throw Problem(
          .badRequest, "parameter \"cursor\" is none of this list; take it from \"next\", or leave it out")
      }
      before = number
    }
    let found = try await read(empty: []) { [before] store throws(StoreError) in
      try store.changes(before: before, host: host, limit: limit + 1)
    }
    let items = found.prefix(limit).map { ChangeDocument($0) }
    let next = found.count > limit ? query.next(after: "\(found[limit - 1].number)") : nil
    return Self.show(Page(items: items, next: next), to: request)
  }

  private static func show(_ page: Page<some Encodable & Sendable>, to request: Request) -> Response {
    let body = JSONText.encode(page)
    let tag = EntityTag(body)
    if tag.isKnown(to: request) { return tag.unchanged }
    var headers: HTTPFields = [.eTag: tag.text]
    if let next = page.next { headers[Response.link] = "<\(next)>; rel=\"next\"" }
    return .json(body, headers: headers)
  }

  /// Reads the store on a thread that may wait for the disk. It is opened for each request: so a store that was made,
  /// brought forward or put back meanwhile is found, and between requests nothing of it is held.
  ///
  /// - Parameter empty: the answer while there is no store, for no run has begun.
  private func read<Value: Sendable>(
    empty: Value, _ body: @escaping @Sendable (Store) throws(StoreError) -> Value
  ) async throws -> Value {
    do {
      return try await NIOThreadPool.singleton.runIfActive { [storePath] in
        try body(try Store.openForReading(path: storePath))
      }
    } catch let error as StoreError {
      if case .notFound = error { return empty }
      throw Problem(
        .serviceUnavailable, "\(error.what): \(error.why); \(error.remedy)", headers: [.retryAfter: "30"])
    }
  }
}

/// A place in the list of runs, newest first: behind a run, which was that deep when the page was made. Runs that have
/// ended since are ahead of it; so it is looked for from there on.
struct RunPlace: Sendable {
  var id: String
  var depth: Int

  init(id: String, depth: Int) { (self.id, self.depth) = (id, depth) }

  /// Reads what a cursor holds.
  init(_ text: String) {
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    id = String(parts[0])
    depth = max(0, min(parts.count > 1 ? Int(parts[1]) ?? 0 : 0, 1 << 30))
  }

  /// What a cursor holds.
  var text: String { "\(id),\(depth)" }

  /// The runs behind it, one more than `limit` where there are more; none behind one that is not there any more.
  static func runs(in store: Store, after place: RunPlace?, limit: Int) throws(StoreError) -> [Run] {
    guard let place else { return try store.runs(limit: limit + 1, everyRound: true) }
    var reach = place.depth + limit + 1
    while true {
      let runs = try store.runs(limit: reach, everyRound: true)
      if let index = runs.firstIndex(where: { $0.id == place.id }),
        runs.count < reach || index + limit + 1 < runs.count
      {
        return Array(runs[(index + 1)...].prefix(limit + 1))
      }
      if runs.count < reach { return [] }
      reach *= 2
    }
  }
}
