import Observations
import Testing
import Wire

@testable import Probing

@Suite("Datagrams and tunnels") struct ExposureProbeTests {
  private static let families: [AddressFamily] = [.ipv4, .ipv6]
  /// Each kind of tunnel with the address inside.
  private static let tunnels: [(TunnelKind, Probe)] = [
    (.sixInFour, Probe(target: target(1, .ipv4), kind: .tunnel(.sixInFour, inner: target(7)))),
    (
      .sixToFour,
      Probe(target: target(1, .ipv4), kind: .tunnel(.sixToFour, inner: target(1, .ipv4).asSixToFour))
    ),
    (.isatap, Probe(target: target(1, .ipv4), kind: .tunnel(.isatap, inner: target(1, .ipv4).asISATAP))),
    (.sixInSix, Probe(target: target(1), kind: .tunnel(.sixInSix, inner: target(1)))),
    (.fourInSix, Probe(target: target(1), kind: .tunnel(.fourInSix, inner: target(1, .ipv4)))),
  ]

  private func bench(_ probes: [Probe]) -> Bench {
    var bench = Bench(probes)
    bench.engine.setVantage(VantageAddresses(ipv4: vantage4, ipv6: vantage6))
    return bench
  }

  /// An SNMP engine that returns what it gets has the right msgID; what another question was answered with has not.
  @Test("A datagram is answered from its port by what repeats its number", arguments: families)
  func datagram(_ family: AddressFamily) throws {
    let probe = Probe(target: target(1, family), kind: .datagram(port: 161))
    var bench = bench([probe])
    let first = try bench.send()
    let second = try bench.send()
    #expect(first.packet.payload[0..<2] != second.packet.payload[0..<2], "a port for each try")
    let payload = first.packet.payload
    let answer = Array(payload[2..<4]) + payload[0..<2] + payload[4...]
    bench.receive(first.packet.packet(from: first.packet.target, next: 17, payload: answer, checksumAt: 6))
    guard case .answered(_, tries: 2) = bench.engine.outcomes[0] else {
      Issue.record("\(bench.engine.outcomes)")
      return
    }
    for (place, isPort) in [(1, true), (8 + 12, false)] {
      bench = self.bench([probe])
      let sent = try bench.send().packet
      var forged = Array(sent.payload[2..<4]) + sent.payload[0..<2] + sent.payload[4...]
      forged[place] ^= 1
      bench.receive(sent.packet(from: sent.target, next: 17, payload: forged, checksumAt: 6))
      #expect(bench.engine.outcomes == [nil], "\(isPort ? "port" : "number")")
      #expect(bench.engine.counters.forged == 1)
    }
  }

  @Test("A port unreachable that quotes the datagram rejects it", arguments: families)
  func unreachable(_ family: AddressFamily) throws {
    var bench = bench([Probe(target: target(1, family), kind: .datagram(port: 161))])
    let sent = try bench.send().packet
    let (type, code): (UInt8, UInt8) = family == .ipv4 ? (3, 3) : (1, 4)
    bench.receive(sent.error(type: type, code: code, from: sent.target, quoted: 8))
    #expect(
      bench.engine.outcomes == [.rejected(Rejection(type: type, code: code, source: target(1, family)))])
  }

  @Test(
    "The packet inside goes where a tunnel of its kind would take it, and its answer comes natively or carried"
  )
  func tunnel() throws {
    for (kind, probe) in Self.tunnels {
      for isCarried in [false, true] {
        var bench = bench([probe, Probe(target: target(2), kind: .echo)])
        var sent = try bench.send().packet
        if sent.target == SentPacket(bytes: bench.packet(1, 0).bytes).target {
          sent = try bench.send().packet
        }
        let number = sent.bytes[sent.isIPv4 ? 9 : 6]
        #expect(number == (kind == .fourInSix ? 4 : 41), "\(kind)")
        let inner = SentPacket(bytes: sent.payload)
        #expect(inner.target == probe.kind.inner?.bytes, "\(kind)")
        var reply = inner.echoReply()
        if isCarried {
          let bytes = (reply[2], reply[3])
          reply = sent.packet(from: sent.target, next: number, payload: reply, checksumAt: 2)
          let start = sent.isIPv4 ? 20 : 40
          (reply[start + 2], reply[start + 3]) = bytes
        }
        bench.receive(reply, after: 1_000)
        let outcome = bench.engine.outcome(of: 0)
        #expect(
          outcome == .answered(roundTrip: Duration64(microseconds: 1), tries: 1), "\(kind) \(isCarried)")
      }
    }
  }

  @Test("An echo reply from elsewhere, or with other data, is nobody's")
  func forged() throws {
    for (kind, probe) in Self.tunnels {
      var bench = bench([probe])
      let inner = SentPacket(bytes: try bench.send().packet.payload)
      bench.receive(inner.echoReply { $0[9] ^= 1 })
      bench.receive(inner.echoReply { $0[5] ^= 1 })
      #expect(bench.engine.outcomes == [nil], "\(kind)")
      #expect(bench.engine.counters.forged == 2, "\(kind)")
      bench.finish()
      #expect(bench.engine.outcomes == [.silent(tries: 3)], "\(kind)")
    }
  }

  @Test("Without an address of the family inside nothing leaves")
  func noSource() {
    var bench = Bench([Self.tunnels[0].1])
    bench.engine.setVantage(VantageAddresses(ipv4: vantage4))
    #expect(bench.nextPacket() == nil)
    #expect(bench.engine.outcomes == [.notSent(.noSource)])
  }

  @Test("6to4 and ISATAP addresses are those of RFC 3056 and RFC 5214")
  func derived() {
    #expect(IPAddress("192.0.2.1")?.asSixToFour == IPAddress("2002:c000:201::1"))
    #expect(IPAddress("192.0.2.1")?.asISATAP == IPAddress("fe80::5efe:c000:201"))
    #expect(IPAddress("8.8.8.8")?.asISATAP == IPAddress("fe80::200:5efe:808:808"))
  }

  @Test("No packet is longer than a slot, whatever port is asked")
  func lengths() {
    for port in [9, 53, 123, 161, 3544, 5060] as [UInt16] {
      let bench = Bench([Probe(target: target(1), kind: .datagram(port: port))])
      #expect(bench.packet(0, 0).bytes.count <= ProbeWriter.packetCapacity, "\(port)")
    }
    for (_, probe) in Self.tunnels {
      #expect(bench([probe]).packet(0, 0).bytes.count <= ProbeWriter.packetCapacity)
    }
  }
}
