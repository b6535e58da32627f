import Observations
import Testing
import Wire

@testable import Probing

/// One hop at a time: what ends a hop probe, and what tells its packets apart.
@Suite struct HopProbeTests {
  private static let families: [AddressFamily] = [.ipv4, .ipv6]
  private static let kinds: [ProbeKind] = [.hop(limit: 3), .hopSYN(port: 443, limit: 3)]

  private static func router(_ family: AddressFamily) -> IPAddress { target(0xfe, prefix: 9, family) }
  private static func expired(_ packet: SentPacket, quoted: Int = 8) -> [UInt8] {
    let router = router(packet.isIPv4 ? .ipv4 : .ipv6)
    return packet.error(type: packet.isIPv4 ? 11 : 3, code: 0, from: router.bytes, quoted: quoted)
  }

  @Test(
    "time exceeded is the answer, at once and timed, eight bytes of it or all", arguments: families, kinds)
  func expires(_ family: AddressFamily, _ kind: ProbeKind) throws {
    for quoted in [8, 12, .max] {
      var bench = Bench([Probe(target: target(1, family), kind: kind)])
      let sent = try bench.send()
      #expect(sent.packet.bytes[family == .ipv4 ? 8 : 7] == 3)
      bench.receive(Self.expired(sent.packet, quoted: quoted), after: 4_321_000)
      let type: UInt8 = family == .ipv4 ? 11 : 3
      let wanted = Rejection(type: type, code: 0, source: Self.router(family))
      #expect(bench.engine.outcomes == [.rejected(wanted)])
      #expect(bench.engine.roundTrip(of: 0) == Duration64(microseconds: 4_321))
      #expect(bench.engine.next(now: bench.now) == .finished)
      #expect(bench.engine.counters.sent == 1)
    }
  }

  @Test("the target answers, or closes the port: it is no farther", arguments: families, kinds)
  func reached(_ family: AddressFamily, _ kind: ProbeKind) throws {
    var bench = Bench([Probe(target: target(1, family), kind: kind)])
    let sent = try bench.send()
    bench.receive(sent.packet.answer(), after: 5_000)
    #expect(bench.engine.outcomes == [.answered(roundTrip: Duration64(microseconds: 5), tries: 1)])
    guard kind.isSYN else { return }
    for counted in [0, 1] as [UInt32] {
      var other = Bench([Probe(target: target(1, family), kind: kind)])
      let syn = try other.send()
      other.receive(syn.packet.tcp(flags: 0x14, counted: counted), after: 7_000)
      #expect(other.engine.outcomes == [.closed(roundTrip: Duration64(microseconds: 7))])
    }
  }

  @Test("an answer to an earlier try is timed from that try", arguments: families, kinds)
  func earlierTry(_ family: AddressFamily, _ kind: ProbeKind) throws {
    var bench = Bench([Probe(target: target(1, family), kind: kind)])
    let start = bench.now
    let first = try bench.send()
    _ = try bench.send()
    bench.receive(Self.expired(first.packet), after: 5_000)
    #expect(bench.engine.roundTrip(of: 0) == Duration64(microseconds: Int64((bench.now - start) / 1000)))
    #expect(bench.engine.remaining == 0)
  }

  @Test("other errors are rejections, final or not as for every probe; reassembly is not the hop limit")
  func otherErrors() throws {
    for kind in Self.kinds {
      for (type, code, isFinal) in [(1, 1, true), (1, 0, false), (1, 3, false), (3, 1, false)]
        as [(UInt8, UInt8, Bool)]
      {
        var bench = Bench([Probe(target: target(1), kind: kind)])
        let sent = try bench.send()
        bench.receive(sent.packet.error(type: type, code: code, from: Self.router(.ipv6).bytes))
        let wanted = ProbeOutcome.rejected(Rejection(type: type, code: code, source: Self.router(.ipv6)))
        #expect(bench.engine.outcomes == [isFinal ? wanted : nil])
        bench.finish()
        #expect(bench.engine.outcomes == [wanted])
      }
    }
    var bench = Bench([Probe(target: target(1), kind: .hop(limit: 3))])
    let sent = try bench.send()
    bench.receive(sent.packet.error(type: 1, code: 3, from: target(7).bytes))
    let second = try bench.send()
    bench.receive(Self.expired(second.packet))
    #expect(
      bench.engine.outcomes == [.rejected(Rejection(type: 3, code: 0, source: Self.router(.ipv6)))],
      "a router that expires the hop limit is the answer, whatever went before")
  }

  @Test("a probe without a hop limit of its own is tried on, as ever")
  func ordinaryProbes() throws {
    for kind in [.echo, .tcpSYN(port: 443)] as [ProbeKind] {
      var bench = Bench([
        Probe(target: target(1), kind: kind), Probe(target: target(2), kind: .hop(limit: 1)),
      ])
      while let sent = bench.nextPacket() { bench.receive(Self.expired(sent.packet)) }
      #expect(bench.engine.counters.sent == 4)
      #expect(bench.engine.outcomes.allSatisfy { if case .rejected = $0 { true } else { false } })
    }
  }

  @Test("what routers share load by is the same for all limits and tries of a target", arguments: families)
  func flowIsConstant(_ family: AddressFamily) {
    for kind in [{ .hop(limit: $0) }, { .hopSYN(port: 80, limit: $0) }] as [(UInt8) -> ProbeKind] {
      let bench = Bench((1...255).map { Probe(target: target(1, family), kind: kind($0)) })
      var flows: Set<[UInt8]> = []
      var marks: Set<[UInt8]> = []
      for probe in 0..<255 {
        for attempt in 0..<15 {
          let packet = bench.packet(probe, attempt)
          let label: [UInt8] = packet.isIPv4 ? [] : [packet.bytes[1] & 0xf, packet.bytes[2], packet.bytes[3]]
          // Ports, or type, code and checksum, and the identifier.
          flows.insert(label + packet.payload.prefix(packet.isTCP ? 4 : 6))
          marks.insert(Array(packet.payload[4..<8]))
        }
      }
      #expect(flows.count == 1)
      #expect(marks.count == 255 * 15, "limit and try are told apart by the first eight bytes")
    }
  }

  @Test("echo checksums are right, and the cookie knows them", arguments: families)
  func checksum(_ family: AddressFamily) throws {
    for number in 1...200 {
      let bench = Bench([Probe(target: target(number, family), kind: .hop(limit: 9))])
      let bytes = bench.packet(0, number % 15).bytes
      let ip = try IPPacket(parsing: bytes.span.bytes)
      #expect(ICMPMessage.checksumState(of: ip, in: bytes.span.bytes) == .intact)
      let source = family == .ipv4 ? vantage4 : vantage6
      let cookie = HopCookie(
        key: bench.engine.writer.key, source: source, target: target(number, family), port: nil)
      #expect(cookie.checksum == bytes.span.bytes.uint16(at: ip.payload.lowerBound + 2))
    }
  }

  @Test(
    "answers are given to the limit they belong to, among all limits of many targets", arguments: families)
  func manyLimits(_ family: AddressFamily) throws {
    let probes = (1...20).flatMap { number in
      (1...30).map { Probe(target: target(number, family), kind: .hop(limit: $0)) }
    }
    var bench = Bench(probes)
    // Each answer names its limit by the router's address.
    while let sent = bench.nextPacket() {
      let limit = sent.packet.bytes[family == .ipv4 ? 8 : 7]
      let router = target(Int(limit), prefix: 50, family)
      bench.receive(sent.packet.error(type: family == .ipv4 ? 11 : 3, code: 0, from: router.bytes, quoted: 8))
    }
    for (probe, outcome) in zip(probes, bench.engine.outcomes) {
      guard case .rejected(let rejection) = outcome else {
        Issue.record("\(probe) ended as \(String(describing: outcome))")
        continue
      }
      #expect(rejection.source == target(Int(probe.kind.hopLimit ?? 0), prefix: 50, family))
    }
    #expect(bench.engine.counters.sent == 600)
    #expect(bench.engine.counters.forged == 0)
  }

  @Test("a quote is found behind extension headers, ours or the router's")
  func extensionHeaders() throws {
    for kind in Self.kinds {
      var bench = Bench([Probe(target: target(1), kind: kind)])
      let sent = try bench.send()
      let padding: [UInt8] = [1, 4, 0, 0, 0, 0]
      // Somebody on the way put hop-by-hop and destination options in front.
      var quote = sent.packet.bytes
      quote.insert(contentsOf: [60, 0] + padding + [quote[6], 0] + padding, at: 40)
      quote[6] = 0
      quote[5] += 16
      let error = SentPacket(bytes: quote).error(type: 3, code: 0, from: Self.router(.ipv6).bytes, quoted: 24)
      // And the router sends its error with destination options.
      var behind = error
      behind.insert(contentsOf: [58, 0] + padding, at: 40)
      behind[6] = 60
      behind[5] += 8
      bench.receive(behind)
      #expect(bench.engine.remaining == 0, "\(bench.engine.counters)")
    }
  }

  @Test("errors about packets that are not ours change nothing", arguments: families, kinds)
  func forged(_ family: AddressFamily, _ kind: ProbeKind) throws {
    var bench = Bench([Probe(target: target(1, family), kind: kind)])
    let sent = try bench.send()
    let start = family == .ipv4 ? 20 : 40
    // Both addresses; then for echo checksum, identifier and the high bits of the sequence, for TCP both ports and
    // the sequence. The low bits of an echo's sequence name another limit or a later try.
    let places = kind.isSYN ? [0, 1, 2, 3, 4, 5, 6, 7] : [2, 3, 4, 5, 6, 7]
    for place in [start - 1, start - (family == .ipv4 ? 5 : 17)] + places.map({ start + $0 }) {
      var altered = sent.packet.bytes
      altered[place] ^= 0x10
      bench.receive(Self.expired(SentPacket(bytes: altered)))
    }
    #expect(bench.engine.counters.forged == UInt64(places.count + 2))
    bench.receive(Self.expired(bench.packet(0, 1)))
    #expect(bench.engine.counters.forged == UInt64(places.count + 3), "a try that has not left is a guess")
    #expect(bench.engine.remaining == 1)
    bench.receive(Self.expired(sent.packet))
    #expect(bench.engine.remaining == 0)
  }

  @Test("an echo reply must return the data; one cut off by the snap length need not")
  func echoData() throws {
    var bench = Bench([Probe(target: target(1), kind: .hop(limit: 30))])
    let sent = try bench.send()
    for place in [8, 13, 15] { bench.receive(sent.packet.echoReply { $0[place] ^= 1 }) }
    #expect(bench.engine.counters.forged == 3)
    bench.receive(Array(sent.packet.answer().prefix(48)))
    #expect(bench.engine.remaining == 0)
  }

  @Test("the same probe twice gets two answers", arguments: kinds)
  func twice(_ kind: ProbeKind) throws {
    var bench = Bench([Probe(target: target(1), kind: kind), Probe(target: target(1), kind: kind)])
    for _ in 0..<2 {
      let sent = try bench.send()
      bench.receive(Self.expired(sent.packet))
    }
    #expect(bench.engine.remaining == 0)
    #expect(bench.engine.counters.sent == 2)
    let third = bench.packet(0, 0)
    bench.receive(Self.expired(third))
    #expect(bench.engine.counters.repeated == 1)
  }
}
