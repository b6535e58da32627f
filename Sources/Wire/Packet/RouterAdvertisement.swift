/// A router advertisement (RFC 4861 §4.2), with what later RFCs let it tell.
///
/// Lists are bounded, so that one packet can never grow into much memory; what is left out is counted.
public struct RouterAdvertisement: Sendable, Hashable, Codable {
  /// How much a host should like the router beside others (RFC 4191 §2.1).
  public enum Preference: String, Sendable, Hashable, Codable, CaseIterable {
    case high, medium, low
  }

  /// A prefix of the link (RFC 4861 §4.6.2).
  public struct AdvertisedPrefix: Sendable, Hashable, Codable {
    /// The prefix.
    public var prefix: Prefix
    /// Whether its addresses are neighbours.
    public var isOnLink: Bool
    /// Whether hosts may make themselves addresses of it (RFC 4862).
    public var isAutonomous: Bool
    /// For how many seconds it is valid; 0xffffffff for ever.
    public var validLifetime: UInt32
    /// For how many seconds its addresses are preferred.
    public var preferredLifetime: UInt32

    /// A prefix with these flags and lifetimes in seconds.
    public init(
      prefix: Prefix, isOnLink: Bool = true, isAutonomous: Bool = true, validLifetime: UInt32 = 86_400,
      preferredLifetime: UInt32 = 14_400
    ) {
      self.prefix = prefix
      self.isOnLink = isOnLink
      self.isAutonomous = isAutonomous
      self.validLifetime = validLifetime
      self.preferredLifetime = preferredLifetime
    }
  }

  /// The most entries of any list that are kept.
  public static let listLimit = 16

  /// The hop limit hosts should use; 0: unspecified.
  public var hopLimit: UInt8
  /// Addresses come from DHCPv6.
  public var isManaged: Bool
  /// Other configuration comes from DHCPv6.
  public var hasOtherConfiguration: Bool
  /// The router's preference; a reserved value counts as medium (RFC 4191 §2.2).
  public var preference: Preference
  /// For how many seconds it serves as a default router; 0: it does not.
  public var lifetime: UInt16
  /// The source link-layer address option.
  public var linkLayerAddress: MACAddress?
  /// The MTU option, in bytes.
  public var mtu: UInt32?
  /// The prefixes, in the order of the message.
  public var prefixes: [AdvertisedPrefix] = []
  /// Recursive DNS servers (RFC 8106 §5.1) in the order of the message, those with lifetime 0 left out: they are
  /// withdrawn.
  public var resolvers: [IPAddress] = []
  /// The search list (RFC 8106 §5.2), in the order of the message.
  public var searchList: [String] = []
  /// Entries that were there beyond the limits.
  public var leftOut = 0

  /// An advertisement without options.
  public init(
    hopLimit: UInt8 = 64, isManaged: Bool = false, hasOtherConfiguration: Bool = false,
    preference: Preference = .medium, lifetime: UInt16 = 1800
  ) {
    self.hopLimit = hopLimit
    self.isManaged = isManaged
    self.hasOtherConfiguration = hasOtherConfiguration
    self.preference = preference
    self.lifetime = lifetime
  }

  private enum Option: UInt8 {
    case sourceLinkLayerAddress = 1
    case prefixInformation = 3
    case mtu = 5
    case resolvers = 25
    case searchList = 31
  }

  private static let headerLength = 16

  /// Reads an ICMPv6 message of type 134 from its type on.
  ///
  /// - Throws: `truncated`; `unsupported` for another message; `badLength` where an option has no length, ends outside
  ///   or holds what it cannot (RFC 4861 §6.1.2: such a message is to be dropped).
  public init(parsing message: RawSpan) throws(PacketError) {
    guard message.byteCount >= Self.headerLength else { throw .truncated }
    guard message.uint8(at: 0) == 134, message.uint8(at: 1) == 0 else { throw .unsupported }
    hopLimit = message.uint8(at: 4)
    let flags = message.uint8(at: 5)
    isManaged = flags & 0x80 != 0
    hasOtherConfiguration = flags & 0x40 != 0
    preference =
      switch flags >> 3 & 3 {
      case 1: .high
      case 3: .low
      default: .medium
      }
    lifetime = message.uint16(at: 6)
    var position = Self.headerLength
    while position < message.byteCount {
      guard position + 2 <= message.byteCount else { throw .truncated }
      let length = 8 * Int(message.uint8(at: position + 1))
      guard length > 0 else { throw .badLength }
      guard position + length <= message.byteCount else { throw .truncated }
      if let kind = Option(rawValue: message.uint8(at: position)) {
        try read(kind, message.extracting(position..<position + length))
      }
      position += length
    }
  }

  /// Reads a whole IPv6 packet: that of a neighbour, since it has crossed no router (hop limit 255), from a link-local
  /// address, with a right checksum.
  ///
  /// - Throws: also `unsupported` for whatever is no valid advertisement, `badChecksum`.
  public init(parsingPacket packet: RawSpan) throws(PacketError) {
    let ip = try IPPacket(parsing: packet)
    guard ip.family == .ipv6, ip.upperLayer == .icmpv6, !ip.isFragment, ip.hopLimit == 255,
      ip.source.scope == .linkLocal
    else { throw .unsupported }
    guard ip.isWhole else { throw .truncated }
    switch ICMPMessage.checksumState(of: ip, in: packet) {
    case .intact, .offloaded: break
    case .wrong, .unverifiable: throw .badChecksum
    }
    self = try RouterAdvertisement(parsing: packet.extracting(ip.payload))
  }

  private mutating func read(_ kind: Option, _ option: RawSpan) throws(PacketError) {
    switch kind {
    case .sourceLinkLayerAddress:
      linkLayerAddress = MACAddress(bits: UInt64(option.uint16(at: 2)) << 32 | UInt64(option.uint32(at: 4)))
    case .mtu: mtu = option.uint32(at: 4)
    case .prefixInformation:
      guard option.byteCount == 32, option.uint8(at: 2) <= 128 else { throw .badLength }
      let flags = option.uint8(at: 3)
      append(
        AdvertisedPrefix(
          prefix: Prefix(option.address(.ipv6, at: 16), length: Int(option.uint8(at: 2))),
          isOnLink: flags & 0x80 != 0, isAutonomous: flags & 0x40 != 0, validLifetime: option.uint32(at: 4),
          preferredLifetime: option.uint32(at: 8)), to: \.prefixes)
    case .resolvers:
      guard option.byteCount >= 24, option.byteCount % 16 == 8 else { throw .badLength }
      guard option.uint32(at: 4) > 0 else { return }
      for offset in stride(from: 8, to: option.byteCount, by: 16) {
        append(option.address(.ipv6, at: offset), to: \.resolvers)
      }
    case .searchList:
      guard option.byteCount >= 16 else { throw .badLength }
      guard option.uint32(at: 4) > 0 else { return }
      try readSearchList(option)
    }
  }

  /// Names stand there uncompressed, one behind the other, and zeros behind them (RFC 8106 §5.2).
  private mutating func readSearchList(_ option: RawSpan) throws(PacketError) {
    var wire: [UInt8] = []
    var position = 8
    while position < option.byteCount {
      let length = Int(option.uint8(at: position))
      guard length <= DNSName.maximumLabelLength, position + 1 + length <= option.byteCount,
        wire.count + 1 + length <= DNSName.maximumLength
      else { throw .badLength }
      for offset in position...position + length { wire.append(option.uint8(at: offset)) }
      position += 1 + length
      guard length == 0 else { continue }
      // A name of the root alone is padding.
      if wire.count > 1 { append(DNSName(uncheckedWire: wire).description, to: \.searchList) }
      wire.removeAll(keepingCapacity: true)
    }
    if !wire.isEmpty { throw .badLength }
  }

  private mutating func append<Entry>(_ entry: Entry, to list: WritableKeyPath<Self, [Entry]>) {
    if self[keyPath: list].count < Self.listLimit {
      self[keyPath: list].append(entry)
    } else {
      leftOut += 1
    }
  }
}
