import Observations
import Testing
import Wire

@testable import Probing

@Suite struct EngineDropTests {
  private let probes = [Probe(target: target(1), kind: .echo)]

  @Test("a silence during which the capture dropped packets is measured again; a clean silence then stands")
  func cleanSecondRound() {
    var bench = Bench(probes) { $0.tries = 2 }
    _ = bench.nextPacket()
    bench.engine.captureDropped(5, now: bench.now + 1)
    bench.finish()
    #expect(bench.engine.counters.sent == 4)
    #expect(bench.engine.outcomes == [.silent(tries: 4)])
  }

  @Test("an answer in the extra round counts")
  func answeredAgain() throws {
    var bench = Bench(probes) { $0.tries = 1 }
    _ = bench.nextPacket()
    bench.engine.captureDropped(5, now: bench.now + 1)
    let again = try bench.send()
    bench.receive(again.packet.answer(), after: 3_000)
    #expect(bench.engine.outcomes == [.answered(roundTrip: Duration64(microseconds: 3), tries: 2)])
  }

  @Test("a drop reported only after the end brings the engine back to work")
  func reportedLate() {
    var bench = Bench(probes) { $0.tries = 1 }
    bench.finish()
    #expect(bench.engine.remaining == 0)
    #expect(bench.engine.outcomes == [.silent(tries: 1)])
    bench.engine.captureDropped(2, now: bench.now)
    #expect(bench.engine.outcomes == [.unmeasured(dropped: 2)])
    bench.finish()
    #expect(bench.engine.outcomes == [.silent(tries: 2)])
  }

  @Test("disturbed in every round: unmeasured, after a bounded number of tries")
  func alwaysDisturbed() {
    var bench = Bench(probes) { $0.tries = 2 }
    while bench.nextPacket() != nil { bench.engine.captureDropped(1, now: bench.now + 1) }
    #expect(bench.engine.counters.sent == 6)
    #expect(bench.engine.outcomes == [.unmeasured(dropped: 2)])
    #expect(bench.engine.remaining == 0)
  }

  @Test("a drop before or after the waiting does not touch a silence")
  func elsewhere() {
    var bench = Bench(probes) { $0.tries = 1 }
    bench.now += 10
    bench.engine.captureDropped(4, now: bench.now)
    bench.now += 10
    bench.engine.captureDropped(0, now: bench.now)
    bench.now += 10
    bench.finish()
    bench.now += 10
    bench.engine.captureDropped(0, now: bench.now)
    bench.engine.captureDropped(4, now: bench.now + 10)
    bench.finish()
    #expect(bench.engine.outcomes == [.silent(tries: 1)])
  }

  @Test("drops do not touch what was answered, closed, refused or not sent")
  func definite() throws {
    var bench = Bench((1...4).map { Probe(target: target($0), kind: .tcpSYN(port: 80)) }) { $0.tries = 1 }
    for turn in 0..<4 {
      let sent = try bench.send()
      switch turn {
      case 0: bench.receive(sent.packet.answer())
      case 1: bench.receive(sent.packet.tcp(flags: 0x14))
      case 2: bench.receive(sent.packet.error(type: 1, code: 1, from: target(9).bytes))
      default: bench.engine.notSent(probe: sent.probe, .neighbourSilent)
      }
    }
    let before = bench.engine.outcomes
    bench.engine.captureDropped(9, now: bench.now + 1)
    bench.finish()
    #expect(bench.engine.outcomes == before)
    #expect(bench.engine.counters.sent == 4)
  }

  @Test("an error that may pass is asked about again, and stays the outcome if every round is disturbed")
  func passingError() throws {
    var bench = Bench(probes) {
      $0.tries = 1
      $0.extraRounds = 1
    }
    let sent = try bench.send()
    bench.receive(sent.packet.error(type: 1, code: 3, from: target(9).bytes))
    bench.engine.captureDropped(1, now: bench.now + 1)
    _ = try bench.send()
    bench.engine.captureDropped(1, now: bench.now + 1)
    bench.finish()
    #expect(bench.engine.outcomes == [.rejected(Rejection(type: 1, code: 3, source: target(9)))])
  }

  @Test(
    "a reply captured in time counts though it is read after the probe was given up; a later one does not")
  func readLate() throws {
    for (capturedAfter, isAnswered) in [(1_000_000_000, true), (1_000_000_001, false)] as [(UInt64, Bool)] {
      var bench = Bench(probes) { $0.tries = 1 }
      let sent = try bench.send()
      let start = bench.now
      bench.now += 2_000_000_000
      #expect(bench.engine.next(now: bench.now) == .finished)
      let reply = sent.packet.answer()
      bench.engine.receive(ipPacket: reply.span.bytes, now: start + capturedAfter)
      #expect(
        bench.engine.outcomes == [
          isAnswered ? .answered(roundTrip: Duration64(microseconds: 1_000_000), tries: 1) : .silent(tries: 1)
        ])
      #expect(bench.engine.counters.late == (isAnswered ? 0 : 1))
      #expect(bench.engine.remaining == 0)
    }
  }

  @Test("ten thousand gaps stay in bounded memory and are still found")
  func manyGaps() {
    var log = DropLog()
    for gap in 0..<10_000 as Range<UInt64> {
      log.note(0, now: gap * 100)
      log.note(1, now: gap * 100 + 10)
    }
    for gap in [0, 17, 5_000, 9_999] as [UInt64] {
      #expect(log.dropped(from: gap * 100 + 5, to: gap * 100 + 6) > 0)
    }
    #expect(log.dropped(from: 0, to: .max) == 10_000)
    #expect(log.dropped(from: 2_000_000, to: .max) == 0)
  }
}
