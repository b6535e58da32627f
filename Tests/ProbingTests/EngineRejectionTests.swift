import Observations
import Testing
import Wire

@testable import Probing

@Suite struct EngineRejectionTests {
  private static let router = target(0xfe, prefix: 9)
  private static let router4 = target(0xfe, prefix: 9, .ipv4)

  @Test(
    "errors that stand end a probe at once; errors that may pass do so only after all tries",
    arguments: [
      (.ipv6, 1, 1, true), (.ipv6, 1, 4, true), (.ipv6, 1, 5, true), (.ipv6, 1, 6, true), (.ipv6, 4, 1, true),
      (.ipv6, 1, 0, false), (.ipv6, 1, 2, false), (.ipv6, 1, 3, false), (.ipv6, 2, 0, false),
      (.ipv6, 3, 0, false), (.ipv4, 3, 2, true), (.ipv4, 3, 3, true), (.ipv4, 3, 9, true),
      (.ipv4, 3, 10, true), (.ipv4, 3, 13, true), (.ipv4, 12, 0, true), (.ipv4, 3, 0, false),
      (.ipv4, 3, 1, false), (.ipv4, 3, 4, false), (.ipv4, 11, 0, false),
    ] as [(AddressFamily, UInt8, UInt8, Bool)])
  func errors(_ family: AddressFamily, _ type: UInt8, _ code: UInt8, _ isFinal: Bool) throws {
    for kind in [.echo, .tcpSYN(port: 443)] as [ProbeKind] {
      let router = family == .ipv6 ? Self.router : Self.router4
      var bench = Bench([Probe(target: target(1, family), kind: kind)])
      let sent = try bench.send()
      bench.receive(sent.packet.error(type: type, code: code, from: router.bytes, quoted: 8))
      let wanted = ProbeOutcome.rejected(Rejection(type: type, code: code, source: router))
      #expect(bench.engine.outcomes == [isFinal ? wanted : nil])
      bench.finish()
      #expect(bench.engine.outcomes == [wanted])
      #expect(bench.engine.counters.sent == (isFinal ? 1 : 3))
    }
  }

  @Test("an answer wins over an error that may pass, in either order")
  func answerWins() throws {
    for errorFirst in [true, false] {
      var bench = Bench([Probe(target: target(1), kind: .echo)])
      let first = try bench.send()
      let error = first.packet.error(type: 1, code: 3, from: Self.router.bytes)
      if errorFirst { bench.receive(error) }
      let second = try bench.send()
      bench.receive(second.packet.answer(), after: 7_000)
      if !errorFirst { bench.receive(error) }
      #expect(bench.engine.outcomes == [.answered(roundTrip: Duration64(microseconds: 7), tries: 2)])
    }
  }

  @Test("an answer that comes in the last wait still wins")
  func lastMoment() throws {
    var bench = Bench([Probe(target: target(1), kind: .tcpSYN(port: 80))]) { $0.tries = 1 }
    let sent = try bench.send()
    bench.receive(sent.packet.error(type: 1, code: 0, from: Self.router.bytes))
    bench.receive(sent.packet.answer(), after: 999_000_000)
    #expect(bench.engine.outcomes == [.answered(roundTrip: Duration64(microseconds: 999_000), tries: 1)])
  }

  @Test("what stands, stands: prohibited or closed before a SYN-ACK")
  func firstDefiniteWins() throws {
    var bench = Bench([Probe(target: target(1), kind: .tcpSYN(port: 80))])
    let sent = try bench.send()
    bench.receive(sent.packet.tcp(flags: 0x14), after: 1_000)
    bench.receive(sent.packet.answer())
    #expect(bench.engine.outcomes == [.closed(roundTrip: Duration64(microseconds: 1))])
    #expect(bench.engine.counters.repeated == 1)
  }

  @Test("a standing error overrides a passing one; of two passing ones the first is reported")
  func whichError() throws {
    var bench = Bench([Probe(target: target(1), kind: .echo)])
    let first = try bench.send()
    bench.receive(first.packet.error(type: 1, code: 3, from: Self.router.bytes))
    let second = try bench.send()
    bench.receive(second.packet.error(type: 1, code: 0, from: Self.router.bytes))
    bench.finish()
    #expect(bench.engine.outcomes == [.rejected(Rejection(type: 1, code: 3, source: Self.router))])

    var other = Bench([Probe(target: target(1), kind: .echo)])
    let one = try other.send()
    other.receive(one.packet.error(type: 1, code: 3, from: Self.router.bytes))
    let two = try other.send()
    other.receive(two.packet.error(type: 1, code: 1, from: Self.router.bytes))
    #expect(other.engine.outcomes == [.rejected(Rejection(type: 1, code: 1, source: Self.router))])
  }

  @Test("errors about packets that are not ours change nothing")
  func notOurs() throws {
    var bench = Bench([Probe(target: target(1), kind: .tcpSYN(port: 80))])
    let sent = try bench.send()
    // Sequence number, source port, destination port, target, source of the quoted packet.
    for place in [44, 40, 43, 39, 23] {
      var altered = sent.packet.bytes
      altered[place] ^= 1
      let error = SentPacket(bytes: altered).error(type: 1, code: 1, from: Self.router.bytes)
      bench.receive(error)
    }
    #expect(bench.engine.counters.forged == 5)
    #expect(bench.engine.remaining == 1)
  }

  @Test("the same error a thousand times is remembered once")
  func flood() throws {
    var bench = Bench([Probe(target: target(1), kind: .echo)])
    let sent = try bench.send()
    for _ in 0..<1000 { bench.receive(sent.packet.error(type: 1, code: 3, from: Self.router.bytes)) }
    #expect(bench.engine.counters.matched == 1)
    #expect(bench.engine.counters.repeated == 999)
    #expect(bench.engine.rejections.count == 1)
  }
}
