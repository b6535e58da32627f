import Wire

/// A link the vantage stands on, and how it was watched during a run. Nothing is asked: routers advertise by
/// themselves.
public struct VantageLink: Sendable, Hashable, Codable {
  /// The interface's name.
  public var interface: String
  /// Prefixes whose addresses are neighbours there, of both families, ascending; link-local ones left out.
  public var prefixes: [Prefix]
  /// For how long router advertisements were watched for.
  public var watched: Duration64
  /// How many captured packets of the watch the kernel dropped.
  public var dropped: UInt64
  /// Advertisements that were no valid ones, or more different ones than are kept.
  public var leftOut: UInt64

  /// A link of these prefixes.
  public init(
    interface: String, prefixes: [Prefix], watched: Duration64, dropped: UInt64 = 0, leftOut: UInt64 = 0
  ) {
    self.interface = interface
    self.prefixes = prefixes
    self.watched = watched
    self.dropped = dropped
    self.leftOut = leftOut
  }
}

/// A router that advertised on a link of the vantage, and what it said last.
public struct SeenAdvertisement: Sendable, Hashable, Codable {
  /// The interface it was seen on; empty where a capture does not say.
  public var interface: String
  /// The router's link-local address.
  public var router: IPAddress
  /// The sender of the Ethernet frame; `nil` on links without such.
  public var mac: MACAddress?
  /// How often it was seen to say this.
  public var count: Int
  /// What it said.
  public var message: RouterAdvertisement

  /// An advertisement of a router.
  public init(
    interface: String, router: IPAddress, mac: MACAddress?, count: Int = 1, message: RouterAdvertisement
  ) {
    self.interface = interface
    self.router = router
    self.mac = mac
    self.count = count
    self.message = message
  }
}

/// Packets of one address of a host, as a capture showed them; neighbour discovery left out.
public struct SeenTraffic: Sendable, Hashable, Codable {
  /// The host's address; its family is that of the traffic.
  public var address: IPAddress
  /// Packets to it.
  public var received: UInt64
  /// Packets from it: without any, nobody is there, and those to it are no traffic of the host.
  public var sent: UInt64
  /// When the first was captured.
  public var first: Timestamp
  /// When the last was captured.
  public var last: Timestamp

  /// Traffic of an address.
  public init(address: IPAddress, received: UInt64, sent: UInt64, first: Timestamp, last: Timestamp) {
    self.address = address
    self.received = received
    self.sent = sent
    self.first = first
    self.last = last
  }
}
