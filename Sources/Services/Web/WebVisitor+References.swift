import NIOCore
import Observations
import Wire

extension WebVisitor {
  /// References on the page's own server, over the connection that the page came by.
  func askOwn(_ search: inout ReferenceSearch, over connection: WebConnection) async {
    await ask(search.pending(at: search.url.origin), over: connection, &search)
  }

  /// All other references: each origin is resolved once, and asked over one connection if it lies in the scope.
  func askOthers(_ search: inout ReferenceSearch, from endpoint: Endpoint, _ visit: WebVisit) async {
    await settleBroken(&search, twin: twin(of: endpoint, visit))
    for origin in search.origins {
      if Task.isCancelled { return }
      switch await place(origin, search.url, endpoint) {
      case .unsure(let outcome): for url in search.pending(at: origin) { search.settle(url, outcome) }
      case .at(let place):
        await ask(search.pending(at: origin), of: origin, at: place, &search)
        await settleBroken(&search, twin: origin.host == search.url.host ? twin(of: place, visit) : nil)
      }
    }
  }

  private enum Place {
    case at(Endpoint)
    case unsure(ReferenceOutcome)
  }

  private func place(_ origin: WebURL, _ page: WebURL, _ endpoint: Endpoint) async -> Place {
    if origin.host == page.host { return .at(Endpoint(endpoint.address, origin.port)) }
    let addresses: [IPAddress]
    if let address = origin.address {
      addresses = address.family == .ipv6 ? [address] : []
    } else {
      switch await names.lookup(origin.host, .ipv6) {
      case .answer(let found, _): addresses = found
      case .noData, .nxDomain: addresses = []
      case .servFail, .refused, .failed, .malformed, .timeout, .unreachable: return .unsure(.notResolved)
      }
    }
    if addresses.isEmpty { return .unsure(.withoutAAAA) }
    guard let address = addresses.first(where: { scope.allows($0) }) else {
      let isReachable = addresses.contains { $0.scope == .global || $0.scope == .documentation }
      return .unsure(isReachable ? .published : .withoutAAAA)
    }
    return .at(Endpoint(address, origin.port))
  }

  private func ask(
    _ urls: [WebURL], of origin: WebURL, at place: Endpoint, _ search: inout ReferenceSearch
  ) async {
    // A server that closes after each answer is asked over a few connections, not over one for each URL.
    for _ in 0..<3 {
      let left = search.pending(at: origin).filter { urls.contains($0) && !search.isBroken($0) }
      if left.isEmpty || ContinuousClock.now >= search.deadline { break }
      await tools.permit(place.address)
      let before = search
      do throws(NetworkFailure) {
        search = try await tools.withWebServer(
          at: place, isSecure: origin.isSecure, name: origin.address == nil ? origin.host : nil,
          clock: PhaseClock()
        ) { connection throws(NetworkFailure) in
          var search = before
          await ask(left, over: connection, &search)
          return search
        }
      } catch {
        for url in left { search.settle(url, .unreachable) }
        return
      }
    }
    for url in search.pending(at: origin) where !search.isBroken(url) { search.settle(url, .notAsked) }
  }

  /// Asks one URL after the other by HEAD. Stops at the first that gets no answer, since the connection is then gone.
  private func ask(
    _ urls: [WebURL], over connection: WebConnection, _ search: inout ReferenceSearch
  ) async {
    for url in urls {
      if ContinuousClock.now >= search.deadline { break }
      guard let (status, isReusable) = await status(of: url, over: connection) else {
        search.settle(url, .unreachable)
        break
      }
      if status < 400 { search.settle(url, .loaded) } else { search.note(broken: url) }
      if !isReusable { break }
    }
  }

  /// Some servers know no HEAD (RFC 9110 §15.5.6, §15.6.2); these are asked for the first bytes.
  private func status(of url: WebURL, over connection: WebConnection) async -> (Int, isReusable: Bool)? {
    var request = WebRequest(method: "HEAD", url: url, bodyLimit: 4096, userAgent: tools.userAgent)
    do throws(NetworkFailure) {
      let head = try await connection.ask(request)
      guard [405, 501].contains(head.status), head.isReusable else { return (head.status, head.isReusable) }
      request.method = "GET"
      let answer = try await connection.ask(request)
      return (answer.status, answer.isReusable)
    } catch {
      return nil
    }
  }

  /// What IPv6 answered with an error is asked for over IPv4: broken there too, it says nothing about IPv6.
  private func settleBroken(_ search: inout ReferenceSearch, twin: Endpoint?) async {
    let broken = search.broken
    guard let first = broken.first else { return }
    var place = twin
    if place == nil, first.address == nil {
      let addresses = await names.lookup(first.host, .ipv4).addresses
      place = addresses.first { scope.allows($0) }.map { Endpoint($0, first.port) }
    }
    var statuses: [WebURL: Int] = [:]
    if let place, ContinuousClock.now < search.deadline {
      await tools.permit(place.address)
      let answers = try? await tools.withWebServer(
        at: place, isSecure: first.isSecure, name: first.address == nil ? first.host : nil,
        clock: PhaseClock()
      ) { connection throws(NetworkFailure) in
        var statuses: [WebURL: Int] = [:]
        for url in broken {
          guard let (status, isReusable) = await status(of: url, over: connection) else { break }
          statuses[url] = status
          if !isReusable { break }
        }
        return statuses
      }
      statuses = answers ?? [:]
    }
    for url in broken {
      search.settle(url, statuses[url].map { $0 >= 400 } ?? false ? .brokenOnBoth : .status)
    }
  }
}
