import Observations
import Wire

/// In which ways something was seen.
public struct SightingSources: OptionSet, Sendable, Hashable {
  /// A bit for each source.
  public let rawValue: UInt16

  /// Sources from their bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// One source.
  public init(_ source: SightingSource) { rawValue = 1 << source.rawValue }
}

/// An interface on a link, and what it was heard to have. One frame is enough to be a station.
public struct Station: Sendable, Hashable {
  /// An address of a station.
  public struct Holding: Sendable, Hashable {
    /// The address.
    public let address: IPAddress
    /// When it was first heard.
    public let firstSeen: Timestamp
    /// When it was last heard.
    public internal(set) var lastSeen: Timestamp
    /// How.
    public internal(set) var sources: SightingSources
  }

  /// Its interface.
  public let mac: MACAddress
  /// The VLAN it was heard in; 0 without a tag.
  public let vlan: UInt16
  /// When it was first heard.
  public let firstSeen: Timestamp
  /// When it was last heard.
  public internal(set) var lastSeen: Timestamp
  /// How often it was heard.
  public internal(set) var sightings: UInt64 = 1
  /// How.
  public internal(set) var sources: SightingSources
  /// What it calls itself, as it came.
  public internal(set) var name: String?
  /// Its addresses, in the order in which they were first heard.
  public internal(set) var holdings: [Holding] = []
  /// Addresses beyond the most that are kept of one station.
  public internal(set) var leftOut: UInt64 = 0
  /// What it advertises, if it is a router.
  public internal(set) var advertisement: RouterAdvertisement?
}

extension Station {
  /// Addresses that are most likely there for a while only; see ``TemporaryAddresses``.
  public var temporary: Set<IPAddress> {
    TemporaryAddresses.among(holdings.lazy.map { ($0.address, $0.firstSeen, $0.lastSeen) })
  }
}

/// Something that changed on a link.
public enum StationEvent: Sendable, Hashable {
  /// A station that was not heard before.
  case appeared(MACAddress, vlan: UInt16)
  /// A station has an address that nobody was heard to have.
  case address(MACAddress, IPAddress)
  /// A station is about to take an address that nobody was heard to have: it asks whether somebody has it.
  case probed(MACAddress, IPAddress)
  /// An address has another station than before.
  case moved(IPAddress, from: MACAddress, to: MACAddress)
  /// An address is back at the station that had it before the last move: two have it, or somebody pretends to.
  case flipFlop(IPAddress, from: MACAddress, to: MACAddress)
  /// A station advertises itself as a router, for the first time or otherwise than before.
  case router(MACAddress, IPAddress, RouterAdvertisement)
}
