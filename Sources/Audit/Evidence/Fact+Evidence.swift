import Observations
import PacketIO
import Probing
import Wire

/// What packets are about: an endpoint, port 0 for what has none, and what was asked of it.
struct EvidenceSubject: Sendable, Hashable {
  var topic: PacketSpool.Topic
  var endpoint: Endpoint

  init(_ topic: PacketSpool.Topic, _ endpoint: Endpoint) {
    self.topic = topic
    self.endpoint = endpoint
  }
}

extension Fact {
  /// What the packets behind it are about.
  ///
  /// - Parameter elsewhere: by a host's address, where else packets about it go or come from.
  func evidenceSubjects(_ elsewhere: [IPAddress: [EvidenceDraft.Elsewhere]]) -> [EvidenceSubject] {
    switch self {
    case .echo(let address, _): [EvidenceSubject(.reach, Endpoint(address, 0))]
    case .port(let endpoint, _), .handshake(_, let endpoint, _, _, _), .page(_, _, let endpoint, _),
      .references(_, _, let endpoint, _, _):
      [EvidenceSubject(.reach, endpoint)]
    case .pageDifference(_, _, let ipv6, let ipv4, _):
      [EvidenceSubject(.reach, ipv6), EvidenceSubject(.reach, ipv4)]
    case .control(_, let target, _): [EvidenceSubject(.reach, Endpoint(target.address, target.port ?? 0))]
    case .handshakeTimes(let endpoint, _, _): [EvidenceSubject(.latency, endpoint)]
    case .pathMTU(let address, let port, _, _):
      // ICMP has no port.
      Set([port ?? 0, 0]).map { EvidenceSubject(.sizes, Endpoint(address, $0)) }
    case .path(let path): [EvidenceSubject(.ways, Endpoint(path.target, path.port ?? 0))]
    case .portSurvey(let address, let survey):
      (survey.open + survey.closed + survey.rejected + survey.silent + survey.unmeasured).map {
        EvidenceSubject(.exposure, Endpoint(address, $0))
      }
    case .datagram(let endpoint, _): [EvidenceSubject(.exposure, endpoint)]
    case .tunnel(let kind, let address, _):
      Self.tunnelSubjects(kind, address, inner: elsewhere[address]?.first { $0.tunnel == kind }?.address)
    case .alias(let address, _):
      (elsewhere[address] ?? []).filter { $0.tunnel == nil }.map {
        EvidenceSubject(.exposure, Endpoint($0.address, 0))
      }
    // Of conversations, which the text file holds, or of what was captured on the link.
    case .lookup, .vantage, .link, .advertisement, .traffic, .delegation, .nameServer, .authority, .iteration,
      .reverse, .exchangers, .synthesis:
      []
    }
  }

  /// What leaves is told apart by the inner destination and the outer version; what answers comes from inside.
  private static func tunnelSubjects(
    _ kind: TunnelKind, _ address: IPAddress, inner: IPAddress?
  ) -> [EvidenceSubject] {
    if kind == .teredo { return [EvidenceSubject(.exposure, Endpoint(address, 3544))] }
    return [PacketSubject.tunnelPort(carrier: kind.carrier), 0].map {
      EvidenceSubject(.exposure, Endpoint(inner ?? address, $0))
    }
  }

  /// The name under which a conversation is kept that many hosts share; no id of a host has an `@`.
  var sharedConversation: String? {
    switch self {
    case .nameServer(let zone, let server, _, _, _): "@server/\(zone)/\(server)"
    case .delegation(let zone, _, _): "@zone/\(zone)"
    default: nil
    }
  }

  var role: ControlRole? {
    if case .control(let role, _, _) = self { role } else { nil }
  }

  /// The probe that it is the outcome of.
  var probe: Probe? {
    switch self {
    case .echo(let address, _): Probe(target: address, kind: .echo)
    case .port(let endpoint, _): Probe(target: endpoint.address, kind: .tcpSYN(port: endpoint.port))
    case .control(_, let target, _):
      Probe(target: target.address, kind: target.port.map { .tcpSYN(port: $0) } ?? .echo)
    // No probe of its own.
    default: nil
    }
  }
}

extension Fact {
  /// Whether evidence holds packets that it rests on, with a comment that says so.
  public var isInPackets: Bool {
    if case .alias = self { return true }
    return !evidenceSubjects([:]).isEmpty
  }

  /// Whether evidence holds the conversation that it is the outcome of.
  public var isInConversations: Bool {
    switch self {
    case .handshake, .page, .pageDifference, .references, .lookup, .delegation, .nameServer, .authority,
      .iteration, .reverse, .exchangers:
      true
    case .echo, .port, .control, .handshakeTimes, .vantage, .link, .advertisement, .traffic, .synthesis,
      .pathMTU, .path, .portSurvey, .datagram, .tunnel, .alias:
      false
    }
  }
}
