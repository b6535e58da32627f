import Wire

/// What is known of an address that can tell whose it is. All of it was seen; nothing is declared.
public struct AddressTraits: Sendable, Hashable {
  /// An interface on a link.
  public struct Interface: Sendable, Hashable {
    /// Its address.
    public var mac: MACAddress
    /// The link: where it was heard, and the VLAN.
    public var link: String

    /// An interface on a link.
    public init(mac: MACAddress, link: String) { (self.mac, self.link) = (mac, link) }
  }

  /// The address.
  public var address: IPAddress
  /// The interfaces that had it, as they said on their link.
  public var interfaces: Set<Interface> = []
  /// Fingerprints of SSH host keys by port and algorithm: `22 ssh-ed25519`.
  public var sshKeys: [String: String] = [:]
  /// Fingerprints of TLS keys by port.
  public var tlsKeys: [String: String] = [:]
  /// The names that its PTR records give and whose addresses lead back to it.
  public var confirmedNames: Set<String> = []
  /// The name that it tells by multicast DNS.
  public var linkName: String?
  /// The engine id of its SNMP agent (RFC 3411 §5).
  public var snmpEngine: String?
  /// When its TCP timestamps began, in seconds since 1970, and how many they are in a second (RFC 7323).
  public var clock: Clock?

  /// A TCP timestamp clock.
  public struct Clock: Sendable, Hashable {
    /// When it stood at 0.
    public var zero: Double
    /// Ticks a second.
    public var rate: Double

    /// A clock.
    public init(zero: Double, rate: Double) { (self.zero, self.rate) = (zero, rate) }
  }

  /// An address of which nothing is known yet.
  public init(_ address: IPAddress) { self.address = address }
}

/// What speaks for two addresses being one host's, or against it.
public enum JoinReason: String, Sendable, Hashable, CaseIterable {
  case sameInterface = "same-interface"
  case sameSNMPEngine = "same-snmp-engine"
  case sameSSHKey = "same-ssh-key"
  case sameTLSKey = "same-tls-key"
  case sameName = "same-name"
  case sameLinkName = "same-link-name"
  case sameClock = "same-clock"
  case otherSSHKey = "other-ssh-key"
  case otherInterface = "other-interface"
  case otherSNMPEngine = "other-snmp-engine"

  /// How much it weighs; see ``HostJoin/enough``. What speaks against outweighs anything.
  public var weight: Int {
    switch self {
    // The link or the agent says so itself.
    case .sameInterface, .sameSNMPEngine: 100
    // Made when a host is installed; but images are copied, keys and all.
    case .sameSSHKey: 40
    // Certificates are carried from host to host.
    case .sameTLSKey: 30
    // Whoever runs the zone says that they belong together.
    case .sameName, .sameLinkName: 30
    // Clocks that were started within the same second are rare, but not in one rack.
    case .sameClock: 10
    case .otherSSHKey, .otherInterface, .otherSNMPEngine: -1000
    }
  }

  /// What reasons weigh together. Of keys the heaviest counts alone: who copies one copies all.
  static func weight(of reasons: Set<JoinReason>) -> Int {
    let keys = reasons.intersection([.sameSSHKey, .sameTLSKey])
    return (keys.map(\.weight).max() ?? 0) + reasons.subtracting(keys).reduce(0) { $0 + $1.weight }
  }
}
