import Observations
import SeededRandom
import Testing
import Wire

@testable import Probing

/// Whole paths through simulated routers that share load as real ones do: by a hash over what makes a flow.
@Suite struct HopSimulationTests {
  private struct Route {
    /// Routers by distance, several to choose from.
    var routers: [[(address: IPAddress, isSilent: Bool)]]
    var answers: Bool
  }

  private static let greatestLimit = 16

  /// Runs one network; returns the paths found, and those that its routers know of.
  private static func run(_ seed: UInt64, loss: Int) -> (found: [HopPath], truth: [[String]], forged: UInt64)
  {
    var random = SplitMix64(seed: seed)
    let family: AddressFamily = random.onceIn(2) ? .ipv4 : .ipv6
    let bySYN = random.onceIn(2)
    let targets = (1...1 + random.below(8)).map { target($0, prefix: $0, family) }
    let routes = targets.map { _ in
      Route(
        routers: (0..<random.below(14)).map { distance in
          (0..<1 + random.below(4)).map { choice in
            (target(distance * 8 + choice + 1, prefix: 99, family), random.onceIn(5))
          }
        }, answers: !random.onceIn(4))
    }
    let probes = targets.flatMap { target in
      (1...UInt8(greatestLimit)).map { limit in
        Probe(target: target, kind: bySYN ? .hopSYN(port: 443, limit: limit) : .hop(limit: limit))
      }
    }
    var bench = Bench(probes) { $0.tries = 5 }
    while let sent = bench.nextPacket() {
      guard random.below(16) >= loss else { continue }
      let number = sent.probe / greatestLimit
      let limit = Int(sent.packet.bytes[family == .ipv4 ? 8 : 7])
      let route = routes[number]
      if limit > route.routers.count {
        if route.answers { bench.receive(sent.packet.answer(), after: 1000) }
        continue
      }
      let router = choose(route.routers[limit - 1], sent.packet)
      guard !router.isSilent else { continue }
      bench.receive(
        sent.packet.error(
          type: family == .ipv4 ? 11 : 3, code: 0, from: router.address.bytes,
          quoted: random.onceIn(2) ? 8 : .max), after: 1000)
    }
    let truth = targets.indices.map { number -> [String] in
      let packet = bench.packet(number * greatestLimit, 0)
      return routes[number].routers.map { choices in
        let router = choose(choices, packet)
        return router.isSilent ? "*" : "\(router.address)"
      } + [routes[number].answers ? "target" : "silence"]
    }
    let roundTrips = probes.indices.map { bench.engine.roundTrip(of: $0) }
    let found = HopPath.paths(of: probes, outcomes: bench.engine.outcomes, roundTrips: roundTrips)
    return (found, truth, bench.engine.counters.forged)
  }

  /// Load balancing by flow: addresses, protocol, flow label, and the first six bytes behind the header.
  private static func choose<Choice>(_ choices: [Choice], _ packet: SentPacket) -> Choice {
    var bytes = packet.source + packet.target + packet.payload.prefix(packet.isTCP ? 4 : 6)
    if !packet.isIPv4 { bytes += [packet.bytes[1] & 0xf, packet.bytes[2], packet.bytes[3]] }
    let hash = SipHash.hash(bytes.span.bytes, key: SipHashKey(low: 5, high: UInt64(choices.count)))
    return choices[Int(hash % UInt64(choices.count))]
  }

  @Test("without loss every path is the true one", arguments: 0..<4 as Range<UInt64>)
  func exact(_ part: UInt64) {
    for seed in part * 60..<(part + 1) * 60 {
      let (found, truth, forged) = Self.run(seed, loss: 0)
      #expect(forged == 0)
      for (path, hops) in zip(found, truth) {
        let routers = Array(hops.dropLast())
        let seen = path.hops.map { hop in
          hop.target != nil ? "target" : hop.routers.first.map { "\($0.address)" } ?? "*"
        }
        #expect(path.hops.allSatisfy { $0.routers.count <= 1 })
        if hops.last == "target" {
          #expect(seen == hops, "seed \(seed)")
          #expect(path.end == .reached(limit: UInt8(hops.count)))
        } else {
          let last = routers.lastIndex { $0 != "*" }.map { $0 + 1 } ?? 0
          #expect(seen == Array(routers.prefix(last)), "seed \(seed)")
          #expect(path.end == .lost(after: UInt8(last), asked: UInt8(Self.greatestLimit)))
        }
      }
    }
  }

  @Test("with loss a hop may be missed, but none is invented or put elsewhere")
  func lossy() {
    for seed in 1000..<1060 as Range<UInt64> {
      let (found, truth, _) = Self.run(seed, loss: 6)
      for (path, hops) in zip(found, truth) {
        for (place, hop) in path.hops.enumerated() {
          for router in hop.routers { #expect("\(router.address)" == hops[place], "seed \(seed)") }
        }
      }
    }
  }
}
