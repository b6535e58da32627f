import Wire

/// Departure times for connections: so many a second in all, to one address, and to one /48 or IPv4 /24.
///
/// A calendar rather than a set of token buckets: a host that has to wait long takes a place far ahead, and the
/// time until then stays free for others. Departures more than an interval back are forgotten, and so are addresses
/// that have no others: memory and time are bounded by what is outstanding.
public struct Pacer: Sendable {
  private let hostLimit: RateLimit
  private let prefixLimit: RateLimit
  private let groups: PacingGroups
  private var all: Calendar
  private var hosts: [IPAddress: Calendar] = [:]
  private var prefixes: [IPAddress: Calendar] = [:]
  private var forgetAt = 64

  /// A pacer of these rates, in departures per second, each greater than zero; `.infinity` for no limit.
  ///
  /// - Parameter groups: what counts as one prefix.
  public init(rate: Double, hostRate: Double, prefixRate: Double, groups: PacingGroups = PacingGroups()) {
    self.groups = groups
    all = Calendar(RateLimit(rate: rate, bursts: false))
    hostLimit = RateLimit(rate: hostRate, bursts: false)
    prefixLimit = RateLimit(rate: prefixRate, bursts: false)
  }

  /// A pacer of the rates in `settings`.
  public init(_ settings: ProbeSettings) {
    self.init(
      rate: settings.rate, hostRate: settings.hostRate, prefixRate: settings.prefixRate,
      groups: settings.groups)
  }

  /// How many addresses are remembered.
  public var rememberedHosts: Int { hosts.count }

  /// Reserves the earliest departure for `address` that keeps all three rates.
  ///
  /// - Parameter now: monotonic nanoseconds, never less than at the call before.
  /// - Returns: when it may leave, `now` or later. The place is taken whether it is used or not.
  public mutating func reserve(_ address: IPAddress, now: UInt64) -> UInt64 {
    forget(before: now)
    let prefix = groups.key(of: address)
    // Taken out and put back, so that they are changed where they are and not copied.
    let (noHost, noNetwork) = (Calendar(hostLimit), Calendar(prefixLimit))
    var (host, network) = (noHost, noNetwork)
    swap(&host, &hosts[address, default: noHost])
    swap(&network, &prefixes[prefix, default: noNetwork])
    host.forget(before: now)
    network.forget(before: now)
    var time = now
    while true {
      let later = all.earliest(from: network.earliest(from: host.earliest(from: time)))
      if later == time { break }
      time = later
    }
    host.insert(time)
    network.insert(time)
    all.insert(time)
    hosts[address] = host
    prefixes[prefix] = network
    return time
  }

  private mutating func forget(before now: UInt64) {
    all.forget(before: now)
    guard hosts.count + prefixes.count >= forgetAt else { return }
    hosts = hosts.compactMapValues { $0.remembered(at: now) }
    prefixes = prefixes.compactMapValues { $0.remembered(at: now) }
    forgetAt = max(64, 2 * (hosts.count + prefixes.count))
  }
}

/// The departures of one bucket that still matter, at least an interval apart.
private struct Calendar: Sendable {
  private let interval: UInt64
  /// Ascending.
  private var departures: [UInt64] = []

  init(_ limit: RateLimit) { interval = limit.interval }

  /// The first time from `time` on that is an interval away from every departure.
  func earliest(from time: UInt64) -> UInt64 {
    var time = time
    for departure in departures where departure + interval > time {
      if time + interval <= departure { return time }
      time = departure + interval
    }
    return time
  }

  mutating func insert(_ time: UInt64) {
    guard interval > 0 else { return }
    let place = departures.lastIndex { $0 <= time }.map { $0 + 1 } ?? 0
    departures.insert(time, at: place)
  }

  mutating func forget(before now: UInt64) {
    let past = departures.firstIndex { $0 + interval > now } ?? departures.count
    if past > 0 { departures.removeFirst(past) }
  }

  func remembered(at now: UInt64) -> Calendar? {
    var kept = self
    kept.forget(before: now)
    return kept.departures.isEmpty ? nil : kept
  }
}

extension IPAddress {
  /// The /48 or IPv4 /24 that is spared as a whole.
  var pacingPrefix: IPAddress {
    family == .ipv4 ? IPAddress(ipv4: ipv4Bits & 0xffff_ff00) : IPAddress(ipv6High: high & ~0xffff, low: 0)
  }
}
