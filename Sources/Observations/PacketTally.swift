import Wire

/// How many packets were sent, by family and protocol.
public struct PacketTally: Sendable, Hashable, Codable {
  /// What a probe's packet carries.
  public enum Transport: String, Sendable, Hashable, Codable, CaseIterable {
    /// ICMP or ICMPv6, and what is packed into another packet.
    case icmp
    case tcp
    case udp
  }

  private var ipv4 = Counts()
  private var ipv6 = Counts()

  private struct Counts: Sendable, Hashable, Codable {
    var icmp: UInt64 = 0
    var tcp: UInt64 = 0
    var udp: UInt64 = 0

    subscript(transport: Transport) -> UInt64 {
      get {
        switch transport {
        case .icmp: icmp
        case .tcp: tcp
        case .udp: udp
        }
      }
      set {
        switch transport {
        case .icmp: icmp = newValue
        case .tcp: tcp = newValue
        case .udp: udp = newValue
        }
      }
    }
  }

  /// None.
  public init() {}

  /// The packets of one kind.
  public subscript(family: AddressFamily, transport: Transport) -> UInt64 {
    get { family == .ipv4 ? ipv4[transport] : ipv6[transport] }
    set {
      switch family {
      case .ipv4: ipv4[transport] = newValue
      case .ipv6: ipv6[transport] = newValue
      }
    }
  }

  /// Adds another count.
  public static func += (left: inout PacketTally, right: PacketTally) {
    for family in AddressFamily.allCases {
      for transport in Transport.allCases { left[family, transport] += right[family, transport] }
    }
  }
}
