import Wire

/// Something that was seen of an address: that it is there, or what can tell whose it is. It is never declared.
public struct ObservedTrait: Sendable, Hashable {
  /// What of it.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// It is there; no value.
    case present
    /// An interface had it: `MAC LINK`, the link being where it was heard.
    case interface
    /// A name leads to it.
    case name
    /// Its PTR record gives this name.
    case pointer
    /// Its host tells this name on the link.
    case linkName = "link-name"
    /// A port answers: `tcp/443`.
    case service
    /// An SSH host key: `PORT ALGORITHM FINGERPRINT`.
    case sshKey = "ssh-key"
    /// A TLS key: `PORT FINGERPRINT`.
    case tlsKey = "tls-key"
    /// The engine id of its SNMP agent.
    case snmpEngine = "snmp-engine"
    /// Its host advertises itself as a router; no value.
    case router
    /// A certificate that it shows is made out to this name.
    case certificateName = "certificate-name"
    /// Its TCP timestamps: `ZERO RATE`, seconds since 1970 and ticks a second (RFC 7323).
    case clock
    /// Its interface is at this port of a bridge: `BRIDGE/PORT`.
    case attached
    /// A router has a way to the prefix that begins with it: `PREFIX via GATEWAY on PORT of ROUTER`.
    case route
    /// Every address of the prefix that begins with it answers: the prefix.
    case aliased
  }

  /// Of which address.
  public var address: IPAddress
  /// What of it.
  public var kind: Kind
  /// What it was; text that may come from the network.
  public var value: String
  /// How it was seen, in a word: `neighbour`, `reverse-zone`.
  public var source: String
  /// When it was first seen so.
  public var firstSeen: Timestamp
  /// When it was last seen so.
  public var lastSeen: Timestamp

  /// Something that was seen of an address.
  public init(
    _ address: IPAddress, _ kind: Kind, _ value: String = "", source: String, firstSeen: Timestamp,
    lastSeen: Timestamp
  ) {
    (self.address, self.kind, self.value, self.source) = (address, kind, value, source)
    (self.firstSeen, self.lastSeen) = (firstSeen, lastSeen)
  }
}
