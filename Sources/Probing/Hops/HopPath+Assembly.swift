import Observations
import Wire

/// What one hop probe of a target saw.
public struct HopSighting: Sendable, Hashable {
  /// The hop limit it was sent with: 1–255.
  public var limit: UInt8
  /// What came of it; `nil` if that is not known.
  public var outcome: ProbeOutcome?
  /// How long the reply took; `nil` where there was none.
  public var roundTrip: Duration64?

  /// What a probe of this limit saw.
  public init(limit: UInt8, outcome: ProbeOutcome?, roundTrip: Duration64? = nil) {
    self.limit = limit
    self.outcome = outcome
    self.roundTrip = roundTrip
  }
}

extension HopPath {
  /// The path that these sightings show, in whatever order they come. Several of one limit are put together.
  ///
  /// * The target is reached where it answers at the least limit. What lies beyond is the target again.
  /// * Else somebody refuses from the first rejection on behind the last router that was seen.
  /// * Else it loops, if a router comes back two or more hops later. A router twice in a row is none: some pass on
  ///   what should have expired.
  /// * Else it is lost, if everybody asked behind the last router was silent.
  ///
  /// - Parameter port: that SYNs asked, `nil` if it was asked by echo.
  public init(target: IPAddress, port: UInt16? = nil, sightings: some Sequence<HopSighting>) {
    var rows: [Row] = []
    for sighting in sightings where sighting.limit > 0 {
      let place = Int(sighting.limit) - 1
      while rows.count <= place { rows.append(Row()) }
      rows[place].add(sighting)
    }
    let hops = rows.map(\.hop)
    let end = Self.end(of: rows, hops)
    self.init(target: target, port: port, hops: Array(hops.prefix(Self.lastHop(of: end))), end: end)
  }

  private static func end(of rows: [Row], _ hops: [Hop]) -> End {
    if let place = hops.firstIndex(where: { $0.target != nil }) { return .reached(limit: UInt8(place + 1)) }
    let last = hops.lastIndex { !$0.routers.isEmpty }.map { $0 + 1 } ?? 0
    if let place = hops[last...].firstIndex(where: { !$0.rejections.isEmpty }) {
      return .refused(limit: UInt8(place + 1), hops[place].rejections[0])
    }
    if let loop = loop(in: hops) { return loop }
    let beyond = rows[last...].filter(\.isAsked)
    guard !beyond.isEmpty else {
      return last > 0 ? .unfinished(asked: UInt8(last)) : .unmeasured(after: 0)
    }
    // One limit whose silence is doubtful may have been the answer.
    guard beyond.allSatisfy({ $0.isSilent && !$0.isDoubtful }) else { return .unmeasured(after: UInt8(last)) }
    return .lost(after: UInt8(last), asked: UInt8(rows.count))
  }

  /// The first router that comes back, and where it first does.
  private static func loop(in hops: [Hop]) -> End? {
    for (first, hop) in hops.enumerated() where !hop.routers.isEmpty {
      let again = hops.indices.dropFirst(first + 2).first { later in
        hops[later].routers.contains { router in hop.routers.contains { $0.address == router.address } }
      }
      if let again { return .looping(first: UInt8(first + 1), again: UInt8(again + 1)) }
    }
    return nil
  }

  /// The limit up to which hops are worth telling.
  private static func lastHop(of end: End) -> Int {
    switch end {
    case .reached(let limit), .refused(let limit, _), .looping(_, let limit), .lost(let limit, _),
      .unfinished(let limit), .unmeasured(let limit):
      Int(limit)
    }
  }
}

/// One distance, while sightings are put together.
private struct Row {
  var routers: [IPAddress: Duration64] = [:]
  var target: Duration64?
  var rejections: Set<Rejection> = []
  var isSilent = false
  /// Whether a sighting says nothing, so that the silence of another one is not the whole truth.
  var isDoubtful = false
  var isAsked = false

  mutating func add(_ sighting: HopSighting) {
    isAsked = true
    switch sighting.outcome {
    case .answered(let roundTrip, _), .closed(let roundTrip):
      target = min(target ?? roundTrip, roundTrip)
    case .rejected(let rejection) where rejection.isExpiredHop:
      let roundTrip = sighting.roundTrip ?? Duration64(microseconds: 0)
      routers[rejection.source] = min(routers[rejection.source] ?? roundTrip, roundTrip)
    case .rejected(let rejection): rejections.insert(rejection)
    case .silent: isSilent = true
    case .notSent, .unmeasured, nil: isDoubtful = true
    }
  }

  var hop: HopPath.Hop {
    HopPath.Hop(
      routers: routers.map { HopPath.Router(address: $0.key, roundTrip: $0.value) }
        .sorted { $0.address < $1.address },
      target: target,
      rejections: rejections.sorted { ($0.source, $0.type, $0.code) < ($1.source, $1.type, $1.code) },
      isSilent: isSilent && routers.isEmpty && target == nil && rejections.isEmpty)
  }
}

extension HopPath {
  /// The paths that the hop probes among `probes` show: one for each target and way of asking (echo, or SYN to a
  /// port), by target, echo first, then by port. Other probes are left out.
  ///
  /// - Parameters:
  ///   - outcomes: by probe.
  ///   - roundTrips: by probe; how long the reply took that made the outcome.
  public static func paths(
    of probes: [Probe], outcomes: [ProbeOutcome?], roundTrips: [Duration64?]
  ) -> [HopPath] {
    struct Flow: Hashable, Comparable {
      var target: IPAddress
      var port: UInt16

      static func < (left: Flow, right: Flow) -> Bool {
        (left.target, left.port) < (right.target, right.port)
      }
    }
    var sightings: [Flow: [HopSighting]] = [:]
    for (index, probe) in probes.enumerated() {
      let (port, limit): (UInt16, UInt8)
      switch probe.kind {
      case .echo, .tcpSYN, .datagram, .tunnel: continue
      case .hop(let asked): (port, limit) = (0, asked)
      case .hopSYN(let asked, let distance): (port, limit) = (asked, distance)
      }
      sightings[Flow(target: probe.target, port: port), default: []].append(
        HopSighting(limit: limit, outcome: outcomes[index], roundTrip: roundTrips[index]))
    }
    return sightings.sorted { $0.key < $1.key }.map { flow, seen in
      HopPath(target: flow.target, port: flow.port == 0 ? nil : flow.port, sightings: seen)
    }
  }
}
