import Wire

/// The way packets take to one target, as far as the hops on it let themselves be seen.
public struct HopPath: Sendable, Hashable, Codable {
  /// Where the packets were to go.
  public var target: IPAddress
  /// The TCP port that SYNs asked; `nil` if it was asked by echo.
  public var port: UInt16?
  /// The hops by their distance: the first is that of hop limit 1, and none is left out up to the last that is known
  /// of. Where the way ends beyond it, or whether it goes on, says `end`.
  public var hops: [Hop]
  /// How it ends.
  public var end: End

  /// A path of these hops.
  public init(target: IPAddress, port: UInt16? = nil, hops: [Hop], end: End) {
    self.target = target
    self.port = port
    self.hops = hops
    self.end = end
  }

  /// Whether the target itself was heard of.
  public var isReached: Bool {
    switch end {
    case .reached: true
    case .refused(_, let rejection): rejection.source == target
    case .looping, .lost, .unfinished, .unmeasured: false
    }
  }
}

extension HopPath {
  /// What is at one distance.
  public struct Hop: Sendable, Hashable, Codable {
    /// The routers whose hop limit ran out there, by address; more than one where packets took different ways.
    public var routers: [Router]
    /// The round trip to the target, if it answered from here.
    public var target: Duration64?
    /// Other errors than an expired hop limit that came back, by sender, type and code.
    public var rejections: [Rejection]
    /// Whether somebody was asked here and nobody answered. When this is `false` and all else empty, nothing is known:
    /// nothing was asked, could be sent, or the capture lost packets.
    public var isSilent: Bool

    /// A hop; by default one of which nothing is known.
    public init(
      routers: [Router] = [], target: Duration64? = nil, rejections: [Rejection] = [], isSilent: Bool = false
    ) {
      self.routers = routers
      self.target = target
      self.rejections = rejections
      self.isSilent = isSilent
    }
  }

  /// A router that said that a packet's hop limit ran out.
  public struct Router: Sendable, Hashable, Codable {
    /// The address it says so from.
    public var address: IPAddress
    /// The shortest round trip to it.
    public var roundTrip: Duration64

    /// A router at an address.
    public init(address: IPAddress, roundTrip: Duration64) {
      self.address = address
      self.roundTrip = roundTrip
    }
  }

  /// How a path ends. Exactly one of these is true. Limits are 1–255.
  public enum End: Sendable, Hashable, Codable {
    /// The target answered (or closed the port) from this hop limit on.
    case reached(limit: UInt8)
    /// From this hop limit on, somebody refuses the packets: a filter, a router without a route, the target itself.
    case refused(limit: UInt8, Rejection)
    /// The router at limit `first` is there again at limit `again`, at least two hops later.
    case looping(first: UInt8, again: UInt8)
    /// After the last hop that answered (0: none did) there is silence up to limit `asked`.
    case lost(after: UInt8, asked: UInt8)
    /// The router at the greatest limit asked answered: the way goes on beyond it.
    case unfinished(asked: UInt8)
    /// After the last hop that answered (0: none did), it was not measured everywhere, so nothing can be said.
    case unmeasured(after: UInt8)
  }
}
