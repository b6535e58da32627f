import Testing
import Wire

@testable import Probing

@Suite struct EnginePacingTests {
  @Test("a host with many ports does not hold up the others")
  func skipAhead() {
    let busy = (1...100).map { Probe(target: target(1), kind: .tcpSYN(port: UInt16($0))) }
    let others = (1...50).map { Probe(target: target($0, prefix: 1 + $0), kind: .echo) }
    var bench = Bench(busy + others) {
      $0.rate = 100
      $0.hostRate = 2
      $0.prefixRate = 10
      $0.tries = 1
    }
    let start = bench.now
    var last: [Int: UInt64] = [:]
    while let sent = bench.nextPacket() {
      last[sent.probe] = bench.now - start
      bench.receive(sent.packet.answer())
    }
    let slowestOther = (100..<150).compactMap { last[$0] }.max() ?? .max
    // 50 packets at 100 a second, and one of the busy host in between.
    #expect(slowestOther <= 510_000_000)
    #expect((last.values.max() ?? .max) <= 99 * 500_000_000 + 510_000_000)
  }

  @Test("hosts of one prefix share its rate and take turns")
  func prefixes() {
    let probes = (1...10).flatMap { host in
      (0..<3).map { Probe(target: target(host), kind: .tcpSYN(port: UInt16(80 + $0))) }
    }
    var bench = Bench(probes) {
      $0.hostRate = 1
      $0.prefixRate = 10
    }
    let start = bench.now
    var order: [Int] = []
    while let sent = bench.nextPacket() {
      order.append(sent.probe / 3)
      bench.receive(sent.packet.answer())
    }
    #expect(order.count == 30)
    // As hosts are free again when their turn comes, the prefix's rate is used to the full.
    #expect(bench.now - start <= 3_000_000_000)
    for second in stride(from: 0, to: 30, by: 10) { #expect(Set(order[second..<second + 10]).count >= 9) }
  }

  @Test("prefixes that belong together share one rate")
  func groups() {
    let probes = (1...20).map { Probe(target: target($0, prefix: $0), kind: .echo) }
    func duration(_ groups: PacingGroups) -> UInt64 {
      var bench = Bench(probes) {
        $0.rate = .infinity
        $0.prefixRate = 10
        $0.groups = groups
      }
      let start = bench.now
      while let sent = bench.nextPacket() { bench.receive(sent.packet.answer()) }
      return bench.now - start
    }
    let all = Prefix(target(1, prefix: 1), length: 32)
    #expect(duration(PacingGroups()) < 100_000_000)
    #expect(duration(PacingGroups([[all]])) >= 900_000_000)
  }

  @Test("answered probes give up their place in the queue")
  func noWaste() throws {
    var bench = Bench([Probe(target: target(1), kind: .echo)]) { $0.hostRate = 0.01 }
    let sent = try bench.send()
    bench.now += 1_500_000_000
    guard case .wait = bench.engine.next(now: bench.now) else {
      Issue.record("the retry must wait for its host's token")
      return
    }
    bench.receive(sent.packet.answer())
    #expect(bench.engine.next(now: bench.now) == .finished)
  }

  @Test("a sweep at full rate uses the rate, in bounded time")
  func sweep() {
    let probes = (0..<20_000).map { Probe(target: target($0 % 200, prefix: $0 / 200), kind: .echo) }
    var bench = Bench(probes) {
      $0.rate = 100_000
      $0.tries = 1
      $0.timeout = 10_000_000
    }
    let start = bench.now
    var sent = 0
    var last = start
    while bench.nextPacket() != nil {
      sent += 1
      last = bench.now
    }
    #expect(sent == 20_000)
    #expect((199_000_000...205_000_000).contains(last - start))
  }
}
