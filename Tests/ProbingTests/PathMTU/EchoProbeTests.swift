import Observations
import SeededRandom
import Testing
import Wire

@testable import Probing

/// Does a host heed a Packet Too Big? By echo.
@Suite struct PathMTUProbeTests {
  private static let tries = 3

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let host: EchoHost
    let outcome: PathMTUOutcome
    let told: Int

    init(_ name: String, _ outcome: PathMTUOutcome, told: Int, _ adjust: (inout EchoHost) -> Void) {
      var host = EchoHost()
      adjust(&host)
      (testDescription, self.host, self.outcome, self.told) = (name, host, outcome, told)
    }
  }

  static let cases = [
    Case("heeds: the reply comes in fragments", .fragmented(largest: 1280), told: 1) { _ in },
    Case("ignores, or never gets it", .ignored(largest: 1400), told: tries) { $0.heeds = false },
    Case("never answers", .silent(tries: tries), told: 0) { $0.dropsAbove = 0 },
    Case("answers nothing large, from the start", .silent(tries: tries), told: 0) { $0.dropsAbove = 1300 },
    Case("sends fragments, which somebody drops", .blackHole(largest: 1400), told: 1) {
      $0.dropsFragments = true
    },
    Case("sends fragments, of which all but the first are dropped", .fragmentsLost(largest: 1280), told: 1) {
      $0.dropsLaterFragments = true
    },
    Case("sends nothing large any more", .blackHole(largest: 1400), told: 1) {
      $0.isBlackHoleWhenTold = true
    },
    Case("sends nothing any more", .vanished(largest: 1400), told: 1) { $0.vanishesWhenTold = true },
    Case("knows a small MTU already", .alreadySmall(largest: 1280, isFragmented: true), told: 0) {
      $0.mtu = 1280
    },
    Case("sends fragments larger than told, then heeds", .fragmented(largest: 1280), told: 1) {
      $0.mtu = 1350
    },
    Case("loses later fragments from the start", .fragmentsLost(largest: 1280), told: 0) {
      $0.mtu = 1280
      $0.dropsLaterFragments = true
    },
  ]

  @Test("every outcome has its cause", arguments: cases)
  func outcomes(_ item: Case) {
    var bench = EchoBench()
    var host = item.host
    bench.expect(&host, item.outcome)
    #expect(host.told == Array(repeating: 1280, count: item.told))
    #expect(bench.machine.counters.forged == 0)
    bench.expectNext(now: .max / 2, .finished)
  }

  @Test(
    "the question is as long as said, and asked for with a whole checksum",
    arguments: [.ipv6, .ipv4] as [AddressFamily])
  func question(_ family: AddressFamily) throws {
    for size in [1288, 1400, 1401, 1500, 9000, 0] {
      var bench = EchoBench(family) { $0.size = size }
      let bytes = try bench.step().bytes
      let header = family == .ipv4 ? 20 : 40
      #expect(bytes.count == (min(1500, max(1288, size)) / 8 * 8 - header) / 8 * 8 + header)
      let ip = try IPPacket(parsing: bytes.span.bytes)
      #expect(ICMPMessage.checksumState(of: ip, in: bytes.span.bytes) == .intact)
      #expect(ip.totalLength == bytes.count)
    }
  }

  @Test("the message quotes the reply it is about, as much as fits in 1280 bytes")
  func message() throws {
    var bench = EchoBench()
    let question = try bench.step().bytes
    let reply = SentPacket(bytes: question).echoReply()
    bench.receive(reply + [0, 0, 0])
    let next = try bench.step()
    #expect(next.step == .send(.tooBig))
    #expect(next.bytes.count == 1280)
    #expect(Array(next.bytes[48...]) == Array(reply.prefix(1232)))
    #expect(Array(next.bytes[40..<42]) == [2, 0])
    #expect(Array(next.bytes[24..<40]) == target(1).bytes, "to the host that sent the reply")
    let ip = try IPPacket(parsing: next.bytes.span.bytes)
    #expect(ICMPMessage.checksumState(of: ip, in: next.bytes.span.bytes) == .intact)
  }

  @Test("over IPv4 the message is a Fragmentation Needed of 576 bytes")
  func ipv4() {
    var bench = EchoBench(.ipv4)
    var host = EchoHost()
    bench.expect(&host, .ignored(largest: 1396))
    #expect(host.messages.count == 3)
    #expect(host.messages.allSatisfy { $0.count == 576 && $0[20] == 3 && $0[21] == 4 })
  }

  @Test("a host that heeds only the second message is told twice")
  func lostMessage() {
    var bench = EchoBench()
    var host = EchoHost()
    host.heeds = false
    while let next = bench.nextStep() {
      for reply in host.replies(to: next.bytes) { bench.receive(reply) }
      if host.told.count == 2 { host.mtu = 1280 }
    }
    #expect(bench.machine.outcome == .fragmented(largest: 1280))
  }

  @Test("lost questions and lost replies are asked again")
  func loss() {
    for lost in 0..<3 {
      for second in 0..<3 {
        var bench = EchoBench()
        var host = EchoHost()
        var toLose = [lost, second]
        var isTold = false
        while let next = bench.nextStep() {
          let phase = isTold ? 1 : 0
          if case .send(.largeEcho) = next.step, toLose[phase] > 0 {
            toLose[phase] -= 1
            continue
          }
          if case .send(.tooBig) = next.step { isTold = true }
          for reply in host.replies(to: next.bytes) { bench.receive(reply) }
        }
        #expect(bench.machine.outcome == .fragmented(largest: 1280))
      }
    }
  }

  @Test("fragments in any order, twice, and with foreign ones among them make one reply")
  func fragmentOrder() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<200 {
      var bench = EchoBench { $0.size = 1500 }
      var host = EchoHost()
      host.mtu = 1280
      let question = try bench.step().bytes
      var pieces = EchoHost.fragments(SentPacket(bytes: question).echoReply(), mtu: 1280)
      #expect(pieces.count == 2)
      var foreign = pieces[1]
      foreign[48 + random.below(8)] ^= 1 << UInt8(random.below(8))
      pieces += [pieces[random.below(2)], foreign]
      for index in pieces.indices.reversed() { pieces.swapAt(index, random.below(index + 1)) }
      for piece in pieces { bench.receive(piece) }
      #expect(bench.machine.outcome == .alreadySmall(largest: 1280, isFragmented: true))
      #expect(bench.machine.counters.forged == 1)
    }
  }

  @Test("an answer to a question from before the message says nothing about what came of it")
  func lateAnswer() throws {
    var bench = EchoBench()
    let first = try bench.step().bytes
    let second = try bench.step().bytes
    bench.receive(SentPacket(bytes: second).echoReply())
    try bench.expect(.send(.tooBig))
    _ = try bench.step()
    bench.receive(SentPacket(bytes: first).echoReply())
    bench.receive(SentPacket(bytes: second).echoReply())
    #expect(bench.machine.counters.late == 2)
    #expect(bench.machine.outcome == nil)
  }

  @Test("an error about the question: too big or refused at once, others when nothing else comes")
  func errors() throws {
    for (type, code, isFinal) in [(2, 0, true), (1, 1, true), (1, 3, false), (3, 0, false)]
      as [(UInt8, UInt8, Bool)]
    {
      var bench = EchoBench()
      let question = SentPacket(bytes: try bench.step().bytes)
      let router = target(9, prefix: 4)
      var other = question.bytes
      other[45] ^= 1
      bench.receive(SentPacket(bytes: other).error(type: type, code: code, from: router.bytes))
      #expect(bench.machine.counters.forged == 1)
      bench.receive(question.error(type: type, code: code, from: router.bytes, quoted: 8))
      let wanted = PathMTUOutcome.rejected(Rejection(type: type, code: code, source: router))
      #expect(bench.machine.outcome == (isFinal ? wanted : nil))
      var silence = EchoHost()
      silence.dropsAbove = 0
      bench.expect(&silence, wanted)
    }
  }

  @Test("where the capture dropped packets, silence says nothing")
  func dropped() {
    for adjust in [{ $0.dropsAbove = 0 }, { $0.isBlackHoleWhenTold = true }, { $0.vanishesWhenTold = true }]
      as [(inout EchoHost) -> Void]
    {
      var bench = EchoBench()
      var host = EchoHost()
      adjust(&host)
      bench.machine.captureDropped(4)
      bench.expect(&host, .unmeasured(dropped: 4))
    }
    var bench = EchoBench()
    var host = EchoHost()
    bench.machine.captureDropped(4)
    bench.expect(&host, .fragmented(largest: 1280))
  }

  @Test("what cannot be sent is not sent, and an outcome stands")
  func notSent() {
    var bench = EchoBench()
    bench.machine.notSent(.outOfScope)
    #expect(bench.machine.outcome == .notSent(.outOfScope))
    bench.machine.notSent(.noRoute)
    #expect(bench.machine.outcome == .notSent(.outOfScope))
    bench.expectEnd()
  }

  @Test("hostile packets change nothing, each is counted once, and nothing grows")
  func hostile() throws {
    var random = SplitMix64(seed: 11)
    for round in 0..<40 {
      var bench = EchoBench()
      var honest = EchoHost()
      var lies = 0
      while let next = bench.nextStep() {
        var pieces = honest.replies(to: next.bytes)
        let before = count(bench.machine.counters)
        for piece in pieces + [next.bytes] where round > 0 {
          for _ in 0..<20 {
            var lie = piece
            switch random.below(4) {
            case 0: lie = Array(lie.prefix(random.below(56)))
            case 1:
              // Identifier, sequence or the first word of data; what proves a later fragment is its first word.
              let isFragment = lie[6] == 44
              let isLater = isFragment && (lie[42] > 0 || lie[43] > 1)
              let start = isLater ? 48 : isFragment ? 52 : 44
              lie[start + random.below(isLater ? 8 : 12)] ^= 1 << UInt8(random.below(8))
            case 2:
              lie[23] ^= 0x10
            default: lie = (0..<random.below(200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
            bench.receive(lie, after: 1000)
            lies += 1
          }
        }
        #expect(count(bench.machine.counters) - before == lies)
        lies = 0
        pieces.reverse()
        for piece in pieces { bench.receive(piece) }
        if bench.sent.count > 30 { break }
      }
      #expect(bench.machine.outcome == .fragmented(largest: 1280), "round \(round)")
    }
  }

  private func count(_ counters: ProbeCounters) -> Int {
    Int(
      counters.matched + counters.repeated + counters.late + counters.forged + counters.unrelated
        + counters.malformed + counters.badChecksum)
  }
}
