import Foundation
import Probing
import Testing
import Wire

/// A network as a file describes it, and what a sweep of it must come to.
private struct Scenario: Decodable {
  struct Area: Decodable {
    var prefix: String
    var kind: SweepWorld.Kind?
    var limit: Int?
    var limit_after_ms: Double?
  }

  struct World: Decodable {
    var kinds: [SweepWorld.Kind]
    var delay_ms: Double
    var jitter_ms: Double
    var loss: Int?
    var duplicates: Int?
    var noise: Int?
    var areas: [Area]?
  }

  /// A number, or the least and the most it may be.
  struct Bounds: Decodable {
    var range: ClosedRange<Double>

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        range = number...number
      } else {
        let ends = try container.decode([Double].self)
        range = ends[0]...ends[1]
      }
    }
  }

  var about: String
  var seed: UInt64
  var prefixes: [String]
  var iids: [String]
  var probe: String
  var tries: Int
  var rate: Double
  var prefix_rate: Double?
  var wait_ms: Double
  var senders: Int?
  var adaptive: Bool?
  var world: World
  var capture_gaps_ms: [[Double]]?
  var interrupt_after: [Int]?
  var expect: [String: Bounds]

  func sweep() throws -> SimulatedSweep {
    let pattern = try AddressPattern(
      prefixes.map { try #require(Prefix($0)) }, subnetLength: 64,
      identifiers: iids.flatMap { try #require(InterfaceIdentifiers.parse($0)) })
    let plan = SweepPlan(
      .pattern(pattern), probe: try #require(SweepProbe(probe)), tries: tries, seed: seed)
    var world = SweepWorld(
      kinds: world.kinds, delay: UInt64(world.delay_ms * 1e6), jitter: UInt64(world.jitter_ms * 1e6),
      seed: seed)
    world.loss = self.world.loss ?? 0
    world.duplicates = self.world.duplicates ?? 0
    world.noise = self.world.noise ?? 0
    world.areas = try (self.world.areas ?? []).map {
      SweepWorld.Area(
        prefix: try #require(Prefix($0.prefix)), kind: $0.kind, limit: $0.limit,
        limitAfter: 1_000_000_000_000 + UInt64(($0.limit_after_ms ?? 0) * 1e6))
    }
    var sweep = SimulatedSweep(
      plan, pace: SweepPace(rate: rate, prefixRate: prefix_rate ?? .infinity), wait: UInt64(wait_ms * 1e6),
      world: world)
    sweep.senders = senders ?? 1
    sweep.isAdaptive = adaptive ?? false
    let began = sweep.began
    sweep.gaps = (capture_gaps_ms ?? []).map { began + UInt64($0[0] * 1e6)..<began + UInt64($0[1] * 1e6) }
    sweep.interruptions = interrupt_after ?? []
    return sweep
  }
}

@Suite struct SweepScenarioTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Scenarios")
  private static let names =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter {
      $0.hasSuffix(".json")
    }
    .sorted()

  @Test("there are scenarios")
  func areThere() { #expect(Self.names.count >= 15) }

  @Test("what a scenario says comes out", arguments: names)
  func comesOut(_ name: String) throws {
    let scenario = try JSONDecoder().decode(
      Scenario.self, from: Data(contentsOf: Self.folder.appending(path: name)))
    var sweep = try scenario.sweep()
    sweep.run()
    let complaints = sweep.check()
    #expect(complaints.isEmpty, "\(complaints.prefix(5))")
    var counts: [String: Double] = [
      "packets": Double(sweep.sends.count), "repeated": Double(sweep.counters.repeated),
      "seconds": Double(sweep.now - sweep.began) / 1e9,
    ]
    for word in ["answered", "closed", "rejected", "silent", "unknown", "notSent"] { counts[word] = 0 }
    for finding in sweep.findings {
      counts[String("\(finding.outcome)".prefix { $0 != "(" }), default: 0] += 1
    }
    for (what, bounds) in scenario.expect {
      let count = try #require(counts[what], "nothing is called \(what)")
      #expect(bounds.range.contains(count), "\(what) is \(count), not \(bounds.range)")
    }
  }

  @Test("where something limits the rate, slowing down finds what pressing on does not")
  func slowingDown() throws {
    let scenario = try JSONDecoder().decode(
      Scenario.self, from: Data(contentsOf: Self.folder.appending(path: "rate-limited.json")))
    var found: [Bool: Int] = [:]
    for isAdaptive in [true, false] {
      var sweep = try scenario.sweep()
      sweep.isAdaptive = isAdaptive
      sweep.run()
      found[isAdaptive] = sweep.findings.count { $0.outcome == .answered }
    }
    #expect(found[true, default: 0] > found[false, default: 0] + 200, "\(found)")
  }
}
