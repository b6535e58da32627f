import Observations
import Wire

extension Check {
  /// `reach.pmtu`: after a Packet Too Big a whole large answer still arrives, in packets no larger than was told.
  ///
  /// A web server's answer decides where it shows anything; else an echo of 1400 bytes does, and where that is not
  /// answered either the check does not apply. One case is told by both together: a server that is connected and says
  /// nothing, at a host that answers small echoes and no large ones, is behind a path that loses large packets.
  static let reachPMTU = Check(
    id: .reachPMTU, level: 2, isGate: true, needsIPv6: true,
    reasons: [
      .pass: [.ptbHeeded, .ptbFragmented, .alreadySmall],
      .fail: [.ptbIgnored, .pmtuBlackHole, .fragmentsLost, .neighbourSilent],
      .unknown: Answer.unmeasured.union([.pmtuInconclusive, .receiveOffload]),
      .na: [.noUsableAddress, .noLargeResponse],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    return context.usableIPv6.map { Finding($0.description, context.packetSizes(at: $0)) }
  }
}

extension HostContext {
  /// What is known of how large the packets of one address are, by both ways of asking.
  func packetSizes(at address: IPAddress) -> Answer {
    let port = pagePort(at: address)
    let (page, echo) = (port == nil ? nil : packets.pathMTUs[address], packets.pathMTUsByEcho[address])
    let basis = [page, echo].compactMap { $0 }
    // Where a page could be had, it is what counts: the echo alone must not speak for it.
    if page == nil, let port {
      return port.verdict == .unknown ? port : Answer(.unknown, .notMeasured, basis: basis)
    }
    return packetSizes(page.flatMap(\.pathMTU), echo.flatMap(\.pathMTU), at: address, basis)
  }

  private func packetSizes(
    _ page: PathMTUOutcome?, _ echo: PathMTUOutcome?, at address: IPAddress, _ basis: [Observation]
  ) -> Answer {
    if let page, page.showsSizes { return Answer(page, basis: basis) }
    if let echo, echo.showsSizes { return Answer(echo, basis: basis) }
    if case .silent? = page, case .silent? = echo { return packetSizesOfMute(address, basis) }
    // A web server that could not be measured is worse than an echo that says nothing.
    let answers = [page, echo].compactMap { $0 }.map { Answer($0, basis: basis) }
    if let measured = answers.first(where: { $0.verdict != .na }) { return measured }
    return echo.map { Answer($0, basis: basis) } ?? Answer(.unknown, .notMeasured, basis: basis)
  }

  /// A server that connects and says nothing, at a host that answers no large echo: the small one tells which it is.
  private func packetSizesOfMute(_ address: IPAddress, _ basis: [Observation]) -> Answer {
    guard let small = echo(address), case .echo(_, let outcome) = small.fact else {
      return Answer(.unknown, .notMeasured, basis: basis)
    }
    guard case .answered = outcome else {
      return Answer(.na, .noLargeResponse, "no echo is answered either", basis: basis + [small])
    }
    return Answer(
      .fail, .pmtuBlackHole, "small echoes are answered, large ones and whole pages are not",
      basis: basis + [small])
  }

  /// What is known of the port of a web service that is open there, or may be; `nil` where none can be.
  private func pagePort(at address: IPAddress) -> Answer? {
    let ports = host.services.filter { $0.name == .http || $0.name == .https }
      .map { answer(of: $0, at: address) }
    return ports.first { $0.verdict == .pass } ?? ports.first { $0.verdict != .fail }
  }
}

extension Observation {
  fileprivate var pathMTU: PathMTUOutcome? {
    if case .pathMTU(_, _, _, let outcome) = fact { outcome } else { nil }
  }
}

extension Answer {
  /// Reads the outcome of a Packet Too Big.
  init(_ outcome: PathMTUOutcome, basis: [Observation]) {
    self.init(.na, .noLargeResponse, basis: basis)
    switch outcome {
    case .shrank(let largest):
      (verdict, reason, detail) = (.pass, .ptbHeeded, "then at most \(largest) bytes")
    case .fragmented(let largest):
      (verdict, reason, detail) = (.pass, .ptbFragmented, "then fragments of at most \(largest) bytes")
    case .alreadySmall(let largest, _):
      (verdict, reason, detail) = (.pass, .alreadySmall, "never more than \(largest) bytes")
    case .ignored(let largest): (verdict, reason, detail) = (.fail, .ptbIgnored, "still \(largest) bytes")
    case .blackHole(let largest):
      (verdict, reason, detail) = (.fail, .pmtuBlackHole, "\(largest) bytes before, nothing since")
    case .fragmentsLost(let largest):
      (verdict, reason, detail) = (.fail, .fragmentsLost, "the largest that came had \(largest) bytes")
    case .tooShort(let largest):
      detail = "the answer came in packets of at most \(largest) bytes and was too short"
    case .silent(let tries): detail = "nothing came back after \(tries) tries"
    case .rejected(let rejection):
      detail = "type \(rejection.type) code \(rejection.code), \(rejection.meaning), from \(rejection.source)"
    case .vanished: (verdict, reason) = (.unknown, .pmtuInconclusive)
    case .offloaded(let merged):
      (verdict, reason, detail) = (.unknown, .receiveOffload, "\(merged) merged segments")
    case .unmeasured(let dropped):
      (verdict, reason) = (.unknown, .captureDropped)
      detail = "the capture dropped \(dropped) packets while it waited"
    case .notSent(let why): self.init(.notSent(why), answered: .answered, basis: basis)
    }
  }
}
