import Observations
import Testing
import Wire

@testable import Probing

/// From sightings to a path: a truth table.
@Suite struct HopPathTests {
  private static let goal = target(1, prefix: 7)
  /// Routers by letter.
  private static func router(_ letter: Character) -> IPAddress {
    target(Int(letter.asciiValue ?? 0), prefix: 0)
  }
  private static let filter = Rejection(type: 1, code: 1, source: router("f"))

  /// Sightings, a word for each limit from 1 on: letters are routers, `*` silence, `!` the target, `.` the target
  /// with a RST, `f` a filter, `n` the target saying no, `?` not measured, `x` nothing known; `-` nobody asked.
  private static func sightings(_ text: String) -> [HopSighting] {
    text.split(separator: " ").enumerated().flatMap { place, word in
      word.compactMap { letter -> HopSighting? in
        let limit = UInt8(place + 1)
        let time = Duration64(microseconds: Int64(place + 1) * 1000)
        switch letter {
        case "-": return nil
        case "*": return HopSighting(limit: limit, outcome: .silent(tries: 3))
        case "!":
          return HopSighting(limit: limit, outcome: .answered(roundTrip: time, tries: 1), roundTrip: time)
        case ".": return HopSighting(limit: limit, outcome: .closed(roundTrip: time), roundTrip: time)
        case "f": return HopSighting(limit: limit, outcome: .rejected(filter), roundTrip: time)
        case "n":
          return HopSighting(limit: limit, outcome: .rejected(Rejection(type: 1, code: 4, source: goal)))
        case "?": return HopSighting(limit: limit, outcome: .unmeasured(dropped: 3))
        case "x": return HopSighting(limit: limit, outcome: nil)
        default:
          let expired = Rejection(type: 3, code: 0, source: router(letter))
          return HopSighting(limit: limit, outcome: .rejected(expired), roundTrip: time)
        }
      }
    }
  }

  /// The hops in the same letters.
  private static func text(_ hops: [HopPath.Hop]) -> String {
    hops.map { hop in
      var word = hop.routers.map { String(UnicodeScalar(UInt8($0.address.low))) }.joined()
      if hop.target != nil { word += "!" }
      word += hop.rejections.map { $0.source == goal ? "n" : "f" }.joined()
      if hop.isSilent { word += "*" }
      return word.isEmpty ? "?" : word
    }.joined(separator: " ")
  }

  private static let refusal = Rejection(type: 1, code: 4, source: goal)
  static let table: [(sightings: String, hops: String, end: HopPath.End, isReached: Bool)] = [
    ("", "", .unmeasured(after: 0), false),
    ("a b c !", "a b c !", .reached(limit: 4), true),
    ("!", "!", .reached(limit: 1), true),
    // The target is nearer than the greatest limit; what it says there is nothing new.
    ("a b ! ! ! ! !", "a b !", .reached(limit: 3), true),
    ("a b ! * ! * *", "a b !", .reached(limit: 3), true),
    ("a b * * ! !", "a b * * !", .reached(limit: 5), true),
    ("a b .", "a b !", .reached(limit: 3), true),
    // Silent hops in the middle, and ones of which nothing is known.
    ("a * * d !", "a * * d !", .reached(limit: 5), true),
    ("* * * !", "* * * !", .reached(limit: 4), true),
    ("a ? x - e !", "a ? ? ? e !", .reached(limit: 6), true),
    ("- - - !", "? ? ? !", .reached(limit: 4), true),
    // Different addresses at one distance, sorted; silence beside an answer is forgotten.
    ("ba cab b* !", "ab abc b !", .reached(limit: 4), true),
    // Ways of different length: the shorter decides.
    ("a b c! !", "a b c!", .reached(limit: 3), true),
    // A loop is no loop if the target is reached behind it, nor is a router twice in a row.
    ("a b a !", "a b a !", .reached(limit: 4), true),
    ("a b b !", "a b b !", .reached(limit: 4), true),
    ("a b b * *", "a b b", .lost(after: 3, asked: 5), false),
    ("a b c b c b c", "a b c b", .looping(first: 2, again: 4), false),
    ("a * a * a *", "a * a", .looping(first: 1, again: 3), false),
    ("a b b b", "a b b b", .looping(first: 2, again: 4), false),
    ("ab cd eb", "ab cd be", .looping(first: 1, again: 3), false),
    // Somebody refuses.
    ("a b f f f", "a b f", .refused(limit: 3, filter), false),
    ("a b * f *", "a b * f", .refused(limit: 4, filter), false),
    ("f f f", "f", .refused(limit: 1, filter), false),
    ("a b n n", "a b n", .refused(limit: 3, refusal), true),
    // A refusal that routers behind it belie is not the end, nor is one before the target.
    ("a f c * *", "a f c", .lost(after: 3, asked: 5), false),
    ("a f c f", "a f c f", .refused(limit: 4, filter), false),
    ("a f !", "a f !", .reached(limit: 3), true),
    ("a bf", "a bf", .unfinished(asked: 2), false),
    // Silence, a way that goes on, and what was not measured.
    ("a b * * *", "a b", .lost(after: 2, asked: 5), false),
    ("* * *", "", .lost(after: 0, asked: 3), false),
    ("a b * - *", "a b", .lost(after: 2, asked: 5), false),
    ("a b c", "a b c", .unfinished(asked: 3), false),
    ("* * c", "* * c", .unfinished(asked: 3), false),
    ("a b * ? *", "a b", .unmeasured(after: 2), false),
    ("a b *x", "a b", .unmeasured(after: 2), false),
    ("x ? x", "", .unmeasured(after: 0), false),
  ]

  @Test("truth table", arguments: table.indices)
  func truth(_ index: Int) {
    let row = Self.table[index]
    let sightings = Self.sightings(row.sightings)
    let path = HopPath(target: Self.goal, sightings: sightings)
    #expect(Self.text(path.hops) == row.hops)
    #expect(path.end == row.end)
    #expect(path.isReached == row.isReached)
    for order in [sightings.reversed(), sightings.sorted { $0.hashValue < $1.hashValue }] {
      #expect(HopPath(target: Self.goal, sightings: order) == path, "the order makes no difference")
    }
  }

  @Test("the shortest round trip of a router and of the target is kept")
  func roundTrips() {
    let router = Self.router("a")
    let expired = ProbeOutcome.rejected(Rejection(type: 3, code: 0, source: router))
    let times = [9, 3, 5].map { Duration64(microseconds: $0) }
    let path = HopPath(
      target: Self.goal,
      sightings: times.map { HopSighting(limit: 1, outcome: expired, roundTrip: $0) }
        + times.map { HopSighting(limit: 2, outcome: .answered(roundTrip: $0, tries: 1), roundTrip: $0) })
    #expect(path.hops[0].routers == [HopPath.Router(address: router, roundTrip: times[1])])
    #expect(path.hops[1].target == times[1])
  }

  @Test("limits up to 255, and nothing for 0")
  func limits() {
    let silent = (0...255).map { HopSighting(limit: UInt8($0), outcome: .silent(tries: 1)) }
    #expect(HopPath(target: Self.goal, sightings: silent).end == .lost(after: 0, asked: 255))
    let last = HopSighting(limit: 255, outcome: .answered(roundTrip: Duration64(microseconds: 1), tries: 1))
    let path = HopPath(target: Self.goal, sightings: silent.dropLast() + [last])
    #expect(path.end == .reached(limit: 255))
    #expect(path.hops.count == 255)
  }

  @Test("probes of many targets and ways of asking become a path each, in order")
  func grouping() {
    let kinds: [ProbeKind] = [
      .hopSYN(port: 443, limit: 1), .hop(limit: 2), .echo, .hop(limit: 1), .hopSYN(port: 80, limit: 1),
      .tcpSYN(port: 80),
    ]
    let probes = [2, 1].flatMap { number in kinds.map { Probe(target: target(number), kind: $0) } }
    let paths = HopPath.paths(
      of: probes, outcomes: probes.map { _ in .silent(tries: 1) }, roundTrips: probes.map { _ in nil })
    #expect(paths.map(\.target) == [target(1), target(1), target(1), target(2), target(2), target(2)])
    #expect(paths.map(\.port) == [nil, 80, 443, nil, 80, 443])
    #expect(paths.map(\.end) == [2, 1, 1, 2, 1, 1].map { .lost(after: 0, asked: $0) })
  }
}
