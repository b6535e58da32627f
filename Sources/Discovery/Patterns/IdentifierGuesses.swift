import Wire

/// How an interface identifier is likely made up (RFC 7707 §4.1).
public enum IdentifierPattern: String, Sendable, Hashable, CaseIterable {
  /// The last byte or two count up from ::1 (§4.1.1.4).
  case lowByte = "low-byte"
  /// The port of what it serves: ::80, ::443, in hexadecimal and as if it were (§4.1.1.5).
  case servicePort = "service-port"
  /// The host's IPv4 address: ::198.18.1.11, or a group for each number (§4.1.1.3).
  case embeddedIPv4 = "embedded-ipv4"
  /// A word that hexadecimal digits can spell (§4.1.1.6).
  case word
  /// The MAC address of an interface whose vendor's other interfaces are on the link (§4.1.1.1).
  case interface = "eui-64"
  /// Beside an address that is known.
  case neighbour
}

/// What is known of a prefix that can be guessed from.
public struct PatternKnowledge: Sendable {
  /// IPv4 addresses of hosts that may have their IPv6 address in the prefix.
  public var ipv4: [IPAddress] = []
  /// IPv6 addresses that are known.
  public var ipv6: [IPAddress] = []
  /// Interfaces that were heard.
  public var interfaces: [MACAddress] = []

  /// Nothing is known.
  public init() {}
}

/// Addresses of a /64 that are worth a question: thousands, where there are 18 quintillion. A whole /64 is never gone through.
public struct IdentifierGuesses: Sendable {
  /// How many of each pattern at most.
  public struct Limits: Sendable, Hashable {
    /// From ::1 up.
    public var lowByte = 0x200
    /// On either side of a known address.
    public var neighbours = 8
    /// Interfaces on either side of one that was heard.
    public var interfaces = 64
    /// In all.
    public var most = 16_384

    /// The usual limits.
    public init() {}
  }

  /// Interface identifiers with the pattern they are of, the likeliest first; each once.
  public let identifiers: [(identifier: UInt64, pattern: IdentifierPattern)]

  private static let ports = [
    80, 443, 22, 25, 53, 110, 143, 389, 465, 587, 636, 993, 995, 3306, 5060, 5432, 8080, 8443,
  ]
  private static let words: [UInt64] = [
    0xcafe, 0xbabe, 0xdead, 0xbeef, 0xface, 0xfeed, 0xc0de, 0xf00d, 0xd00d, 0xbad, 0xace, 0xdad, 0xfab,
    0xb00c, 0x600d,
    0xdead_beef, 0xcafe_babe, 0xdead_cafe, 0xface_b00c, 0xfeed_face, 0xc0de_cafe, 0xdead_c0de,
  ]

  /// Guesses from what is known.
  public init(_ knowledge: PatternKnowledge, limits: Limits = Limits()) {
    var found: [(UInt64, IdentifierPattern)] = []
    var seen: Set<UInt64> = []
    func add(_ identifier: UInt64, _ pattern: IdentifierPattern) {
      // 0 is the routers' anycast address (RFC 4291 §2.6.1).
      if identifier != 0, found.count < limits.most, seen.insert(identifier).inserted {
        found.append((identifier, pattern))
      }
    }
    for known in knowledge.ipv6 { add(known.low, .neighbour) }
    for low in 1...UInt64(max(1, limits.lowByte)) { add(low, .lowByte) }
    for port in Self.ports {
      add(UInt64(port), .servicePort)
      if let digits = UInt64(String(port), radix: 16) { add(digits, .servicePort) }
      // Of several servers the number comes behind the port, or before it.
      for number in 1...4 as ClosedRange<UInt64> {
        if let digits = UInt64(String(port), radix: 16) {
          add(digits << 16 | number, .servicePort)
          add(number << 16 | digits, .servicePort)
        }
      }
    }
    for address in knowledge.ipv4 where address.family == .ipv4 {
      let octets = (0..<4).map { UInt64(address.ipv4Bits >> UInt32(24 - 8 * $0) & 0xff) }
      add(UInt64(address.ipv4Bits), .embeddedIPv4)
      add(octets.reduce(0) { $0 << 16 | $1 }, .embeddedIPv4)
      // 198 as the digits 1, 9, 8.
      add(octets.reduce(0) { $0 << 16 | (UInt64(String($1), radix: 16) ?? 0) }, .embeddedIPv4)
      add(octets[3], .embeddedIPv4)
      if let digits = UInt64(String(octets[3]), radix: 16) { add(digits, .embeddedIPv4) }
    }
    for offset in 1...UInt64(max(1, limits.neighbours)) {
      for known in knowledge.ipv6 {
        add(known.low &+ offset, .neighbour)
        add(known.low &- offset, .neighbour)
      }
    }
    for word in Self.words {
      add(word, .word)
      for number in 1...4 as ClosedRange<UInt64> { add(word << 16 | number, .word) }
    }
    for offset in 0...Int64(max(0, limits.interfaces)) {
      for interface in knowledge.interfaces where interface.byte(at: 0) & 3 == 0 {
        for number in offset == 0 ? [0] : [offset, -offset] {
          let own = Int64(interface.bits & 0xff_ffff) + number
          guard (0...0xff_ffff).contains(own) else { continue }
          add(Self.identifier(of: MACAddress(bits: interface.bits & ~0xff_ffff | UInt64(own))), .interface)
        }
      }
    }
    identifiers = found
  }

  /// The interface identifier that a MAC address gives (RFC 4291 appendix A).
  static func identifier(of interface: MACAddress) -> UInt64 {
    let bits = interface.bits ^ 0x0200_0000_0000
    return (bits >> 24) << 40 | 0xff_fe00_0000 | bits & 0xff_ffff
  }

  /// The addresses of a /64, in the same order.
  public func addresses(in prefix: Prefix) -> [IPAddress] {
    guard prefix.address.family == .ipv6, prefix.length == 64 else { return [] }
    return identifiers.map { IPAddress(ipv6High: prefix.address.high, low: $0.identifier) }
  }
}
