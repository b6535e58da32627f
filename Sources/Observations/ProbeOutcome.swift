import Wire

/// What came of one packet-level probe, all its tries together. Exactly one of these is true.
public enum ProbeOutcome: Sendable, Hashable, Codable {
  /// The reply that was hoped for: an echo reply, or a SYN-ACK.
  case answered(roundTrip: Duration64, tries: Int)
  /// A TCP segment with RST: the host is there, the port is closed (RFC 9293 §3.10.7.1).
  case closed(roundTrip: Duration64)
  /// An ICMP or ICMPv6 error that quotes our packet.
  case rejected(Rejection)
  /// Nothing came back after this many tries.
  case silent(tries: Int)
  /// No packet left.
  case notSent(NotSentReason)
  /// Nothing was seen, but the capture dropped packets meanwhile, so silence cannot be told.
  case unmeasured(dropped: UInt64)

  /// The round trip of the answer, if it came on the first try (a later one cannot be told apart from a
  /// late answer to an earlier one, Karn's algorithm, RFC 6298 §3).
  public var unambiguousRoundTrip: Duration64? {
    if case .answered(let roundTrip, tries: 1) = self { roundTrip } else { nil }
  }
}

/// A length of time in microseconds, as it is stored.
public struct Duration64: Sendable, Hashable, Codable, Comparable {
  /// The length in microseconds.
  public var microseconds: Int64

  /// A length of time in microseconds.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// Shorter before longer.
  public static func < (left: Duration64, right: Duration64) -> Bool {
    left.microseconds < right.microseconds
  }

  /// Milliseconds with one decimal, cut: `12.3 ms`.
  public var text: String { "\(microseconds / 1000).\(abs(microseconds) / 100 % 10) ms" }

  /// Reads the number of microseconds.
  public init(from decoder: any Decoder) throws {
    microseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes the number of microseconds.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(microseconds)
  }
}

/// An ICMP (RFC 792) or ICMPv6 (RFC 4443) error about a packet of ours.
public struct Rejection: Sendable, Hashable, Codable {
  /// The ICMP or ICMPv6 type; which of the two follows from the family of `source`.
  public var type: UInt8
  /// The code.
  public var code: UInt8
  /// Who sent the error: the target itself or a node on the way.
  public var source: IPAddress

  /// An error of this type and code, sent by `source`.
  public init(type: UInt8, code: UInt8, source: IPAddress) {
    self.type = type
    self.code = code
    self.source = source
  }

  /// What the type and code mean, in the words of the RFCs.
  public var meaning: String {
    switch (source.family, type, code) {
    case (.ipv6, 1, 0): "no route to destination"
    case (.ipv6, 1, 1), (.ipv4, 3, 9), (.ipv4, 3, 10), (.ipv4, 3, 13): "administratively prohibited"
    case (.ipv6, 1, 2): "beyond scope of source address"
    case (.ipv6, 1, 3), (.ipv4, 3, 1): "address unreachable"
    case (.ipv6, 1, 4), (.ipv4, 3, 3): "port unreachable"
    case (.ipv6, 1, 5): "source address failed ingress/egress policy"
    case (.ipv6, 1, 6): "reject route to destination"
    case (.ipv6, 2, _): "packet too big"
    case (.ipv6, 3, _), (.ipv4, 11, _): "time exceeded"
    case (.ipv6, 4, _), (.ipv4, 12, _): "parameter problem"
    case (.ipv4, 3, 0): "network unreachable"
    case (.ipv4, 3, 2): "protocol unreachable"
    case (.ipv4, 3, 4): "fragmentation needed"
    case (.ipv4, 3, _): "destination unreachable"
    default: "type \(type) code \(code)"
    }
  }
}

/// Why no packet left for a target.
public enum NotSentReason: String, Sendable, Hashable, Codable, CaseIterable {
  /// The scope does not allow the address.
  case outOfScope = "out-of-scope"
  /// The kernel has no route to the address.
  case noRoute = "no-route"
  /// There is a route, but no source address of the family.
  case noSource = "no-source"
  /// The target is on our link and did not answer neighbour discovery or ARP.
  case neighbourSilent = "neighbour-silent"
  /// The gateway towards the target did not answer neighbour discovery or ARP.
  case gatewaySilent = "gateway-silent"
  /// The route leads over a kind of interface that the packet core cannot use.
  case unsupportedLink = "unsupported-link"
  /// The kernel refused the packet.
  case sendFailed = "send-failed"
}
