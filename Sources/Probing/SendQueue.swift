/// The probes that want to send, by their place in the order, released at the rates of all, of their prefix and of
/// their host.
///
/// Probes wait in a queue of their host, hosts in a queue of their prefix, prefixes in one queue. A host or prefix
/// whose bucket is empty leaves its queue for a timer, so a slow one never stands in the way of others, and each
/// packet costs a fixed number of steps and at most two heap operations however many are waiting.
struct SendQueue: Sendable {
  private let allLimit: RateLimit
  private let hostLimit: RateLimit
  private let prefixLimit: RateLimit
  private let hostOfPlace: [UInt32]
  private let prefixOfHost: [UInt32]

  private var allArrival: UInt64 = 0
  private var hostArrival: [UInt64]
  private var prefixArrival: [UInt64]

  private var placesOfHost: LinkedQueues
  private var hostsOfPrefix: LinkedQueues
  private var prefixes: LinkedQueues
  private var waitingHosts = TimerHeap()
  private var waitingPrefixes = TimerHeap()

  init(_ table: TargetTable, settings: ProbeSettings) {
    allLimit = RateLimit(rate: settings.rate, bursts: true)
    hostLimit = RateLimit(rate: settings.hostRate, bursts: true)
    prefixLimit = RateLimit(rate: settings.prefixRate, bursts: true)
    hostOfPlace = table.hostOfPlace
    prefixOfHost = table.prefixOfHost
    hostArrival = Array(repeating: 0, count: table.prefixOfHost.count)
    prefixArrival = Array(repeating: 0, count: table.prefixCount)
    placesOfHost = LinkedQueues(queueCount: hostArrival.count, itemCount: hostOfPlace.count)
    hostsOfPrefix = LinkedQueues(queueCount: prefixArrival.count, itemCount: hostArrival.count)
    prefixes = LinkedQueues(queueCount: 1, itemCount: prefixArrival.count)
  }

  /// When the next packet may leave as far as the rate of all is concerned.
  var allReady: UInt64 { allLimit.ready(allArrival) }

  /// When a host or prefix that waits may go on; `nil` when none waits.
  var nextRelease: UInt64? {
    switch (waitingHosts.nextTime, waitingPrefixes.nextTime) {
    case (let host?, let prefix?): min(host, prefix)
    case (let host, let prefix): host ?? prefix
    }
  }

  /// Adds a probe that is not in the queue.
  mutating func append(_ place: UInt32, now: UInt64) {
    let host = hostOfPlace[Int(place)]
    let isIdle = placesOfHost.isEmpty(host)
    placesOfHost.append(place, to: host)
    if isIdle { schedule(host: host, now: now) }
  }

  /// The probe that may send next, `nil` if every host or prefix has to wait. Look at `allReady` too.
  mutating func first(now: UInt64) -> UInt32? {
    while let host = waitingHosts.popDue(at: now) { makeReady(host: host, now: now) }
    while let prefix = waitingPrefixes.popDue(at: now) { prefixes.append(prefix, to: 0) }
    guard let prefix = prefixes.first(0), let host = hostsOfPrefix.first(prefix) else { return nil }
    return placesOfHost.first(host)
  }

  /// Removes the probe that `first` returned.
  ///
  /// - Parameter isSent: whether a packet leaves for it, so that the buckets pay.
  mutating func removeFirst(now: UInt64, isSent: Bool) {
    guard let prefix = prefixes.first(0), let host = hostsOfPrefix.first(prefix) else { return }
    prefixes.removeFirst(0)
    hostsOfPrefix.removeFirst(prefix)
    placesOfHost.removeFirst(host)
    if isSent {
      allArrival = allLimit.after(allArrival, now: now)
      hostArrival[Int(host)] = hostLimit.after(hostArrival[Int(host)], now: now)
      prefixArrival[Int(prefix)] = prefixLimit.after(prefixArrival[Int(prefix)], now: now)
    }
    if !hostsOfPrefix.isEmpty(prefix) { schedule(prefix: prefix, now: now) }
    if !placesOfHost.isEmpty(host) { schedule(host: host, now: now) }
  }

  private mutating func schedule(host: UInt32, now: UInt64) {
    let ready = hostLimit.ready(hostArrival[Int(host)])
    if ready <= now { makeReady(host: host, now: now) } else { waitingHosts.insert(host, at: ready) }
  }

  private mutating func makeReady(host: UInt32, now: UInt64) {
    let prefix = prefixOfHost[Int(host)]
    let isIdle = hostsOfPrefix.isEmpty(prefix)
    hostsOfPrefix.append(host, to: prefix)
    if isIdle { schedule(prefix: prefix, now: now) }
  }

  private mutating func schedule(prefix: UInt32, now: UInt64) {
    let ready = prefixLimit.ready(prefixArrival[Int(prefix)])
    if ready <= now { prefixes.append(prefix, to: 0) } else { waitingPrefixes.insert(prefix, at: ready) }
  }
}
