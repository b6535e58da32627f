import Observations
import SeededRandom
import Testing
import Wire

@testable import Probing

/// Does a TCP sender heed a Packet Too Big?
@Suite struct PathMTUWatchTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sender: Sender
    let outcome: PathMTUOutcome
    /// How many messages leave.
    let sent: Int

    init(_ name: String, _ outcome: PathMTUOutcome, sent: Int, _ adjust: (inout Sender) -> Void) {
      var sender = Sender()
      adjust(&sender)
      (testDescription, self.sender, self.outcome, self.sent) = (name, sender, outcome, sent)
    }
  }

  /// 40 bytes of IPv6, 32 of TCP with options, and the data.
  static let cases = [
    Case("heeds at once", .shrank(largest: 1280), sent: 1) { _ in },
    // Told while it waits, and again in each of three flights when it still sends large ones.
    Case("ignores", .ignored(largest: 1500), sent: 6) { $0.reaction = .ignores },
    Case("heeds what quotes data in flight only", .shrank(largest: 1280), sent: 3) { $0.needsFlight = true },
    Case("the first message is lost", .shrank(largest: 1280), sent: 3) { $0.losesMessages = 1 },
    Case("sends nothing any more", .blackHole(largest: 1500), sent: 1) { $0.reaction = .fallsSilent },
    Case("sends fragments then", .fragmented(largest: 1280), sent: 1) { $0.reaction = .fragments },
    Case("small from the start, clamped", .alreadySmall(largest: 1280, isFragmented: false), sent: 0) {
      $0.segment = 1208
    },
    Case("small from the start, far below", .alreadySmall(largest: 608, isFragmented: false), sent: 0) {
      $0.segment = 536
    },
    Case("fragments from the start", .alreadySmall(largest: 1280, isFragmented: true), sent: 0) {
      $0.isFragmenting = true
    },
    Case("has little to say", .tooShort(largest: 572), sent: 0) { $0.total = 500 },
    Case("ends before it can be told", .tooShort(largest: 1500), sent: 0) { $0.total = 5_000 },
    Case("ends right after it was told", .tooShort(largest: 1500), sent: 1) { $0.total = 8_100 },
    Case("resets the connection", .tooShort(largest: 1500), sent: 1) { $0.reaction = .resets },
    Case("says nothing", .silent(tries: 1), sent: 0) { $0.total = 0 },
    Case("arrives merged by receive offload", .offloaded(merged: 3), sent: 0) { $0.merges = 2 },
  ]

  @Test("every outcome has its cause", arguments: cases)
  func outcomes(_ item: Case) {
    var bench = WatchBench()
    var sender = item.sender
    bench.expect(&sender, item.outcome)
    #expect(bench.sent.count == item.sent)
    #expect(bench.machine.counters.forged == 0)
    bench.expectEnd()
  }

  @Test("the quote is the captured segment's, with the number of the one that comes next")
  func quote() throws {
    var bench = WatchBench()
    _ = try bench.step()
    let segments = (0..<3 as Range<UInt32>).map { Sender.packet(1000 + $0 * 1428, count: 1428, flags: 0x10) }
    // One comes late; the number is behind the furthest.
    for packet in [segments[0], segments[2], segments[1]] { bench.receive(packet) }
    let next = try bench.step()
    #expect(next.step == .send(.tooBig))
    #expect(next.bytes.count == 1280)
    var wanted = Array(segments[1].prefix(1232))
    wanted.replaceSubrange(44..<48, with: [0, 0, 0x14, 0xa4])
    #expect(Array(next.bytes[48...]) == wanted)
  }

  @Test("a sender that never pauses is told all the same")
  func neverPauses() throws {
    var bench = WatchBench { $0.patience = 1_000_000_000 }
    _ = try bench.step()
    let start = bench.now
    var sequence: UInt32 = 0
    while case .wait = bench.machine.next(now: bench.now) {
      bench.receive(Sender.packet(sequence, count: 1428, flags: 0x10), after: 50_000_000)
      sequence &+= 1428
      try #require(bench.now - start < 5_000_000_000)
    }
    bench.expectNext(now: bench.now, .send(.tooBig))
  }

  @Test("small rests of a window say nothing, a full segment does")
  func rests() throws {
    var bench = WatchBench()
    _ = bench.nextStep()
    bench.receive(Sender.packet(0, count: 1428, flags: 0x10))
    try bench.expect(.send(.tooBig))
    for round in 0..<3 as Range<UInt32> {
      try bench.expect(.cue(.readOn))
      bench.receive(Sender.packet(1428 + round * 300, count: 300, flags: 0x18))
    }
    try bench.expect(.cue(.readOn))
    bench.receive(Sender.packet(2328, count: 1208, flags: 0x10))
    bench.expectEnd()
    #expect(bench.machine.outcome == .shrank(largest: 1280))
  }

  @Test("a probe of a closed window is no flight, wherever it comes")
  func windowProbes() throws {
    var bench = WatchBench()
    _ = bench.nextStep()
    let start = bench.now
    bench.receive(Sender.packet(0, count: 1428, flags: 0x10))
    for _ in 0..<2 { bench.receive(Sender.packet(1428, count: 1, flags: 0x10), after: 100_000_000) }
    for _ in 0..<2 { bench.receive(Sender.packet(1427, count: 0, flags: 0x10), after: 10_000_000) }
    try bench.expect(.send(.tooBig))
    #expect(bench.now - start < 320_000_000)
  }

  @Test("dropped packets make of silence that nothing was measured")
  func dropped() {
    for reaction in [Sender.Reaction.fallsSilent, .heeds] {
      var bench = WatchBench()
      bench.machine.captureDropped(2)
      var sender = Sender()
      sender.reaction = reaction
      bench.expect(&sender, .unmeasured(dropped: 2))
    }
    var bench = WatchBench()
    bench.machine.captureDropped(2)
    var sender = Sender()
    sender.reaction = .ignores
    bench.expect(&sender, .ignored(largest: 1500))
  }

  @Test("hostile packets change nothing, and each is counted once")
  func hostile() throws {
    var random = SplitMix64(seed: 5)
    var bench = WatchBench()
    _ = bench.nextStep()
    bench.receive(Sender.packet(0xffff_0000, count: 1428, flags: 0x10))
    let before = bench.machine.counters
    let honest = Sender.packet(0xffff_0594, count: 1428, flags: 0x10)
    for _ in 0..<3000 {
      var lie = honest
      switch random.below(5) {
      case 0: lie = Array(lie.prefix(random.below(60)))
      case 1: lie[40 + random.below(lie.count - 40)] ^= 1 << UInt8(random.below(8))
      case 2: lie = Sender.packet(0x3000_0000, count: 1428, flags: random.onceIn(2) ? 0x11 : 0x14)
      case 3: lie = Sender.packet(0xffff_0594, count: 1428, flags: 0x11, from: target(2))
      default: lie = Sender.packet(0xffff_0594, count: 1428, flags: 0x14, port: 444)
      }
      bench.receive(lie, after: 0)
    }
    let after = bench.machine.counters
    #expect(after.matched == before.matched)
    #expect(after.forged + after.badChecksum + after.malformed + after.unrelated == 3000)
    #expect(after.forged > 0 && after.badChecksum > 0 && after.malformed > 0 && after.unrelated > 0)
    #expect(!bench.machine.hasEnded)
    try bench.expect(.send(.tooBig))
  }
}
