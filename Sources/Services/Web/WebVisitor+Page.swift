import NIOCore
import Observations
import Wire

extension WebVisitor {
  /// What one request came to: the final page, or where it leads.
  private enum Step {
    case page(PageOutcome, PageContent?)
    case redirect(WebURL, status: Int)
  }

  /// The page of one target, redirects followed.
  ///
  /// - Parameter known: pages of the same address that are there already.
  func fetch(
    _ target: WebVisit.Target, _ visit: WebVisit, known: [Fetched], wantsReferences: Bool
  ) async -> Fetched {
    var url = WebURL(isSecure: target.isSecure, endpoint: target.endpoint, name: visit.name)
    var endpoint = target.endpoint
    var fetched = Fetched(
      target: target, handshake: .notSent(.sendFailed),
      outcome: .failed(url: url.description, outcome: .notSent(.sendFailed)))
    var seen: Set<WebURL> = [url]
    for redirects in 0...Self.maximumRedirects {
      if redirects > 0 {
        if let page = Self.known(url, at: endpoint, known, redirects) {
          (fetched.outcome, fetched.content) = page
          return fetched
        }
      }
      await tools.permit(endpoint.address)
      switch await step(url, at: endpoint, redirects, &fetched, visit, wantsReferences) {
      case .page(let outcome, let content):
        (fetched.outcome, fetched.content) = (outcome, content)
        return fetched
      case .redirect(let next, let status):
        guard seen.insert(next).inserted else {
          fetched.outcome = .redirectLoop(url: next.description)
          return fetched
        }
        switch await place(next, from: url, at: endpoint, status) {
        case .success(let place): (url, endpoint) = (next, place)
        case .failure(let lost):
          fetched.outcome = lost.outcome
          return fetched
        }
      }
    }
    fetched.outcome = .redirectLoop(url: url.description)
    return fetched
  }

  /// The page that another service of the same address has given for this very URL.
  private static func known(
    _ url: WebURL, at endpoint: Endpoint, _ pages: [Fetched], _ redirects: Int
  ) -> (PageOutcome, PageContent?)? {
    guard url.target == "/" else { return nil }
    guard
      let page = pages.first(where: { $0.target.endpoint == endpoint && $0.target.isSecure == url.isSecure })
    else { return nil }
    guard case .fetched(var final) = page.outcome else { return (page.outcome, nil) }
    final.redirects += redirects
    // Together they may be more than are followed one by one, and are no loop.
    return (.fetched(final), page.content)
  }

  /// One request over one connection; the first of a target is its handshake too.
  private func step(
    _ url: WebURL, at endpoint: Endpoint, _ redirects: Int, _ fetched: inout Fetched, _ visit: WebVisit,
    _ wantsReferences: Bool
  ) async -> Step {
    let name = url.address == nil ? url.host : nil
    var tally: [ReferenceKind: ReferenceTally] = [:]
    var open: ReferenceSearch?
    do throws(NetworkFailure) {
      let (response, connection) = try await tools.withWebServer(
        at: endpoint, isSecure: url.isSecure, name: name, clock: PhaseClock()
      ) { connection throws(NetworkFailure) in
        let request = WebRequest(url: url, bodyLimit: tools.limits.bytes, userAgent: tools.userAgent)
        let response = try await connection.ask(request)
        if wantsReferences, response.isPage {
          var search = ReferenceSearch(
            PageReferences(Array(response.body.readableBytesView), at: url), at: url,
            domain: domain(url.host), wants: wants, limits)
          if response.isReusable { await askOwn(&search, over: connection) }
          open = search
        }
        return (response, connection)
      }
      if redirects == 0 {
        let service = fetched.target.service
        fetched.handshake = .completed(
          await tools.identity(service, response, connection, name: visit.name, address: endpoint))
      }
      if var search = open {
        await askOthers(&search, from: endpoint, visit)
        tally = search.tallies
      }
      fetched.tallies = tally
      return step(url, response, redirects)
    } catch {
      if redirects == 0 { fetched.handshake = error.outcome }
      return .page(.failed(url: url.description, outcome: error.outcome), nil)
    }
  }

  private func step(_ url: WebURL, _ response: WebResponse, _ redirects: Int) -> Step {
    if [301, 302, 303, 307, 308].contains(response.status), let location = response.fields.location {
      guard let next = WebURL(location.utf8, at: url) else {
        return .page(
          .redirectMalformed(url: url.description, location: boundedText(location.utf8)), nil)
      }
      return .redirect(next, status: response.status)
    }
    if case .failed(let failure) = response.ending {
      return .page(
        .bodyFailed(url: url.description, status: response.status, outcome: failure.outcome), nil)
    }
    let content = contents.content(of: Array(response.body.readableBytesView))
    let page = FetchedPage(
      status: response.status, url: url.description, redirects: redirects,
      length: response.body.readableBytes,
      isWhole: response.ending == .whole, encoding: response.fields.encoding, contentSHA256: content.sha256)
    return .page(.fetched(page), content)
  }

  /// Why a redirect is not followed.
  private struct Lost: Error {
    let outcome: PageOutcome
  }

  /// Where a redirect leads: the address it came from for the same name, else one of its own family.
  private func place(
    _ next: WebURL, from url: WebURL, at endpoint: Endpoint, _ status: Int
  ) async -> Result<Endpoint, Lost> {
    let family = endpoint.address.family
    if next.host == url.host { return .success(Endpoint(endpoint.address, next.port)) }
    let lookup: LookupOutcome
    if let address = next.address {
      lookup = address.family == family ? .answer(addresses: [address], aliases: []) : .noData
    } else {
      lookup = await names.lookup(next.host, family)
    }
    if lookup.addresses.isEmpty {
      return .failure(Lost(outcome: .redirectLost(url: next.description, lookup: lookup)))
    }
    guard let address = lookup.addresses.first(where: { scope.allows($0) }) else {
      return .failure(
        Lost(
          outcome: .redirectOutside(url: next.description, status: status, addresses: lookup.addresses)))
    }
    return .success(Endpoint(address, next.port))
  }
}

extension WebResponse {
  /// Whether it is a page to look for references in.
  fileprivate var isPage: Bool {
    guard status == 200, ending != .whole || body.readableBytes > 0, fields.encoding == nil else {
      return false
    }
    if case .failed = ending { return false }
    guard let type = fields.contentType else {
      return body.getInteger(at: body.readerIndex) == UInt8(ascii: "<")
    }
    return type.lowercased().contains("html")
  }
}
