import Observations
import Wire

@testable import Probing

extension FuzzParser {
  /// What arrives while datagrams and tunnel probes are under way: packets as they are, and such that go back to where
  /// one of ours came from, with some bytes changed.
  static let exposureReplies = FuzzParser("exposure-replies") { input throws(Violation) in
    var settings = ProbeSettings()
    (settings.rate, settings.hostRate, settings.prefixRate) = (.infinity, .infinity, .infinity)
    let (four, six) = (Sample.destination(.ipv4), Sample.destination(.ipv6))
    let probes = [
      Probe(target: six, kind: .datagram(port: 161)), Probe(target: four, kind: .datagram(port: 3544)),
      Probe(target: four, kind: .tunnel(.sixInFour, inner: six)),
      Probe(target: four, kind: .tunnel(.isatap, inner: four.asISATAP)),
      Probe(target: six, kind: .tunnel(.sixInSix, inner: six)),
      Probe(target: six, kind: .tunnel(.fourInSix, inner: four)),
    ]
    var engine = ProbeEngine(probes: probes, settings: settings, key: SipHashKey(low: 1, high: 2))
    engine.setVantage(VantageAddresses(ipv4: Sample.source(.ipv4), ipv6: Sample.source(.ipv6)))
    var sent: [[UInt8]] = []
    while case .send(let probe, let attempt) = engine.next(now: 1_000) {
      var length = 0
      let buffer = written(ProbeWriter.packetCapacity) {
        length = engine.emit(
          probe: probe, attempt: attempt, source: Sample.source(probes[probe].target.family), into: &$0)
      }
      try require(length > 0 && length <= ProbeWriter.packetCapacity, "a packet of \(length) bytes")
      sent.append(Array(buffer.prefix(length)))
    }
    var script = Script(input[...])
    while let step = script.byte() {
      var packet =
        step & 1 == 0 ? script.bytes(script.number()) : returned(sent[script.number() % sent.count])
      for _ in 0..<(step >> 1 & 3) where !packet.isEmpty {
        packet[script.number() % packet.count] ^= UInt8(script.number())
      }
      let before = engine.counters
      engine.receive(ipPacket: packet.span.bytes, now: 2_000)
      let after = engine.counters
      let counts = [
        \ProbeCounters.matched, \.repeated, \.late, \.forged, \.unrelated, \.malformed, \.badChecksum,
      ]
      let difference = counts.reduce(0) { $0 + after[keyPath: $1] - before[keyPath: $1] }
      try require(difference == 1, "counted \(difference) times")
    }
  }

  /// The packet inside, or the packet itself, with its addresses and ports exchanged and an echo made a reply.
  private static func returned(_ sent: [UInt8]) -> [UInt8] {
    let outer = sent[0] >> 4 == 4 ? 20 : 40
    let isTunnel = [4, 41].contains(sent[outer == 20 ? 9 : 6])
    var packet = isTunnel ? Array(sent[outer...]) : sent
    let isIPv4 = packet[0] >> 4 == 4
    let (start, count, header) = isIPv4 ? (12, 4, 20) : (8, 16, 40)
    for offset in 0..<count { packet.swapAt(start + offset, start + count + offset) }
    guard isTunnel else {
      packet.swapAt(header, header + 2)
      packet.swapAt(header + 1, header + 3)
      return packet
    }
    // The checksum's type falls by eight (ICMP) or rises by one (ICMPv6), and the sum with it.
    let change: UInt32 = isIPv4 ? 0x0800 : 0xfeff
    packet[header] = isIPv4 ? 0 : 129
    let sum = (UInt32(packet[header + 2]) << 8 | UInt32(packet[header + 3])) + change
    let folded = sum & 0xffff + sum >> 16
    (packet[header + 2], packet[header + 3]) = (UInt8(folded >> 8 & 0xff), UInt8(folded & 0xff))
    return packet
  }
}
