import Wire

/// One question to one address, asked with as many tries as the settings say.
public struct Probe: Sendable, Hashable {
  /// Who is asked.
  public var target: IPAddress
  /// What is asked.
  public var kind: ProbeKind

  /// A question to `target`.
  public init(target: IPAddress, kind: ProbeKind) {
    self.target = target
    self.kind = kind
  }
}

/// What a probe asks.
public enum ProbeKind: Sendable, Hashable {
  /// An ICMP or ICMPv6 echo request.
  case echo
  /// A TCP SYN to a port, 1–65535. The kernel's RST to the SYN-ACK closes the half-open connection.
  case tcpSYN(port: UInt16)
}
