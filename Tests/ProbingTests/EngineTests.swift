import Observations
import Testing
import Wire

@testable import Probing

@Suite struct EngineTests {
  private static let families: [AddressFamily] = [.ipv4, .ipv6]
  private static let kinds: [ProbeKind] = [.echo, .tcpSYN(port: 443)]

  @Test("an answer to the first try is timed", arguments: families, kinds)
  func answered(_ family: AddressFamily, _ kind: ProbeKind) throws {
    var bench = Bench([Probe(target: target(1, family), kind: kind)])
    let sent = try bench.send()
    bench.receive(sent.packet.answer(), after: 12_345_678)
    #expect(bench.engine.outcomes == [.answered(roundTrip: Duration64(microseconds: 12_345), tries: 1)])
    #expect(bench.engine.next(now: bench.now) == .finished)
  }

  @Test("an answer to an earlier try is timed from that try", arguments: families, kinds)
  func earlierTry(_ family: AddressFamily, _ kind: ProbeKind) throws {
    var bench = Bench([Probe(target: target(1, family), kind: kind)])
    let start = bench.now
    let first = try bench.send()
    _ = try bench.send()
    bench.receive(first.packet.answer(), after: 5_000)
    let roundTrip = Duration64(microseconds: Int64((bench.now - start) / 1000))
    #expect(roundTrip >= Duration64(microseconds: 1_000_005))
    #expect(bench.engine.outcomes == [.answered(roundTrip: roundTrip, tries: 2)])
  }

  @Test("tries grow apart as set, and silence comes after the last wait")
  func silent() {
    var bench = Bench([Probe(target: target(1), kind: .echo)])
    let start = bench.now
    var times: [UInt64] = []
    while bench.nextPacket() != nil { times.append(bench.now - start) }
    // A wait may end a slot of the timer wheel later, never earlier.
    let tick = bench.engine.timers.tick
    #expect(tick < 2_000_000)
    #expect(times.count == 3)
    #expect(times[0] == 0)
    #expect((1_000_000_000...1_000_000_000 + tick).contains(times[1]))
    #expect((3_000_000_000...3_000_000_000 + 2 * tick).contains(times[2]))
    #expect((7_000_000_000...7_000_000_000 + 3 * tick).contains(bench.now - start))
    #expect(bench.engine.outcomes == [.silent(tries: 3)])
  }

  @Test("a RST closes, whether it counts the SYN or not; another number is not for us", arguments: families)
  func closed(_ family: AddressFamily) throws {
    for (flags, counted, isClosed) in [(0x14, 1, true), (0x14, 0, true), (0x14, 2, false), (0x04, 9, false)] {
      var bench = Bench([Probe(target: target(1, family), kind: .tcpSYN(port: 22))])
      let sent = try bench.send()
      bench.receive(sent.packet.tcp(flags: UInt8(flags), counted: UInt32(counted)), after: 2_000)
      #expect(bench.engine.outcomes == [isClosed ? .closed(roundTrip: Duration64(microseconds: 2)) : nil])
      #expect(bench.engine.counters.forged == (isClosed ? 0 : 1))
    }
  }

  @Test("a SYN-ACK must acknowledge exactly the SYN, and segments without SYN-ACK or RST mean nothing")
  func synACK() throws {
    var bench = Bench([Probe(target: target(1), kind: .tcpSYN(port: 22))])
    let sent = try bench.send()
    for counted in [0, 2, 0x8000_0000] as [UInt32] {
      bench.receive(sent.packet.tcp(flags: 0x12, counted: counted))
    }
    #expect(bench.engine.counters.forged == 3)
    for flags in [0x02, 0x10, 0x11, 0x18] as [UInt8] { bench.receive(sent.packet.tcp(flags: flags)) }
    #expect(bench.engine.counters.unrelated == 4)
    #expect(bench.engine.remaining == 1)
  }

  @Test("a checksum left to hardware is accepted, a wrong one is not", arguments: families)
  func offloaded(_ family: AddressFamily) throws {
    var bench = Bench([Probe(target: target(1, family), kind: .tcpSYN(port: 22))])
    let sent = try bench.send()
    var wrong = sent.packet.answer()
    wrong[wrong.count - 6] ^= 1
    bench.receive(wrong)
    #expect(bench.engine.counters.badChecksum == 1)
    #expect(bench.engine.remaining == 1)
    bench.receive(sent.packet.tcp(flags: 0x12, offloaded: true))
    #expect(bench.engine.remaining == 0)
  }

  @Test("echo data may be cut off but not changed")
  func echoData() throws {
    var bench = Bench([Probe(target: target(1), kind: .echo)])
    let sent = try bench.send()
    bench.receive(sent.packet.echoReply { $0[15] ^= 1 })
    #expect(bench.engine.counters.forged == 1)
    bench.receive(sent.packet.echoReply { $0.removeLast(8) })
    #expect(bench.engine.remaining == 0)
  }

  @Test("a reply cut off by the snap length is as good as a whole one", arguments: families, kinds)
  func snapLength(_ family: AddressFamily, _ kind: ProbeKind) throws {
    var bench = Bench([Probe(target: target(1, family), kind: kind)])
    let sent = try bench.send()
    let whole = sent.packet.answer()
    bench.receive(Array(whole.prefix((family == .ipv4 ? 20 : 40) + (kind == .echo ? 12 : 20))))
    #expect(bench.engine.remaining == 0)
  }

  @Test("nobody answers for somebody else, for another vantage or for another run", arguments: kinds)
  func strangers(_ kind: ProbeKind) throws {
    let probes = [Probe(target: target(1), kind: kind), Probe(target: target(2), kind: kind)]
    var bench = Bench(probes)
    let sent = try bench.send()
    _ = try bench.send()
    let honest = sent.packet.answer()
    var otherSource = Array(honest[8..<24])
    otherSource[15] ^= 3
    let next: UInt8 = kind == .echo ? 58 : 6
    let field = kind == .echo ? 2 : 16
    bench.receive(
      sent.packet.packet(from: otherSource, next: next, payload: Array(honest[40...]), checksumAt: field))
    var elsewhere = sent.packet.bytes
    elsewhere[23] ^= 3
    bench.receive(SentPacket(bytes: elsewhere).answer())
    var later = ProbeEngine(probes: probes, settings: ProbeSettings(), key: SipHashKey(low: 3, high: 4))
    while case .send = later.next(now: bench.now) {}
    later.receive(ipPacket: honest.span.bytes, now: bench.now)
    #expect(bench.engine.counters.forged == 2)
    #expect(later.counters.forged == 1)
    #expect(bench.engine.remaining == 2)
  }

  @Test("a reply to a try that has not left yet is a guess")
  func future() throws {
    var bench = Bench([Probe(target: target(1), kind: .tcpSYN(port: 22))])
    _ = try bench.send()
    let second = bench.packet(0, 1)
    bench.receive(second.answer())
    #expect(bench.engine.counters.forged == 1)
    _ = try bench.send()
    bench.receive(second.answer())
    #expect(bench.engine.remaining == 0)
  }

  @Test("the same probe twice is measured twice", arguments: kinds)
  func twice(_ kind: ProbeKind) throws {
    let probe = Probe(target: target(1), kind: kind)
    var bench = Bench([probe, probe, probe])
    for delay in [1_000, 2_000, 3_000] as [UInt64] {
      let sent = try bench.send()
      bench.receive(sent.packet.answer(), after: delay)
      let wanted = Duration64(microseconds: Int64(delay / 1000))
      #expect(bench.engine.outcome(of: sent.probe) == .answered(roundTrip: wanted, tries: 1))
    }
    #expect(bench.engine.remaining == 0)
  }

  @Test("no probes: finished at once")
  func nothing() {
    var engine = ProbeEngine(probes: [], settings: ProbeSettings(), key: .random())
    #expect(engine.next(now: 0) == .finished)
    #expect(engine.outcomes.isEmpty)
  }

  @Test("interrupted: what is known is there, the rest is nil")
  func interrupted() throws {
    var bench = Bench((1...4).map { Probe(target: target($0), kind: .echo) })
    let sent = try bench.send()
    bench.receive(sent.packet.answer())
    bench.engine.notSent(probe: (sent.probe + 1) % 4, .noRoute)
    #expect(bench.engine.remaining == 2)
    #expect(bench.engine.outcomes.count { $0 == nil } == 2)
    #expect(bench.engine.outcome(of: (sent.probe + 1) % 4) == .notSent(.noRoute))
  }

  @Test("not sent is final: a reply that never could be does not change it, nor does it undo an answer")
  func notSent() throws {
    var bench = Bench([Probe(target: target(1), kind: .echo)])
    let sent = try bench.send()
    bench.receive(sent.packet.answer())
    bench.engine.notSent(probe: 0, .sendFailed)
    #expect(bench.engine.outcome(of: 0)?.unambiguousRoundTrip != nil)
    var other = Bench([Probe(target: target(1), kind: .echo)])
    let refused = try other.send()
    other.engine.notSent(probe: 0, .sendFailed)
    other.receive(refused.packet.answer())
    #expect(other.engine.outcomes == [.notSent(.sendFailed)])
    #expect(other.engine.counters.repeated == 1)
  }
}
