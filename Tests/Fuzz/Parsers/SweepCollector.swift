import Observations
import Wire

@testable import Probing

extension FuzzParser {
  /// The input is a programme: what arrives at the receiving half of a sweep whose packets have all left.
  static let sweepCollector = FuzzParser("sweep-collector") { input throws(Violation) in
    var bench = SweepBench(input.first ?? 0)
    var script = Script(input.dropFirst())
    while let step = script.byte() {
      switch step & 7 {
      case 0: try bench.receive(script.bytes(script.number()))
      case 1...4: try bench.receive(bench.reply(&script))
      case 5: try bench.receive(bench.error(&script))
      case 6: try bench.notSent(script.number())
      default: bench.collector.noteDropped(1)
      }
    }
    try bench.finish()
  }
}

/// A collector, the packets whose replies it waits for, and what it said so far.
struct SweepBench {
  private static let probes: [SweepProbe] = [
    .echo, .tcp(port: 443), .udp(port: 53), .udp(port: 123), .udp(port: 161), .udp(port: 5060),
    .udp(port: 999),
  ]
  private static let tries = 3

  var collector: SweepCollector
  private let plan: SweepPlan
  private let sent: [(place: Int, bytes: [UInt8])]
  private var found: Set<Int> = []

  init(_ choice: UInt8) {
    let probe = Self.probes[Int(choice) % Self.probes.count]
    // A fixed key: an input has to do the same every time.
    let key = SipHashKey(low: 1, high: 2)
    var list = AddressList(capacity: 8, key: key)
    for number in 0..<4 as Range<UInt64> {
      list.append(IPAddress(ipv6High: 0x2001_0db8_0002_0000, low: 2 + number))
      list.append(IPAddress(ipv4: 0xc633_6402 + UInt32(number)))
    }
    let plan = SweepPlan(.list(list), probe: probe, tries: Self.tries, seed: 1)
    self.plan = plan
    collector = SweepCollector(plan, key: key)
    collector.lastAttempt = Self.tries - 1
    sent = (0..<plan.count).flatMap { place in
      let target = plan.target(at: place)
      let template = SweepTemplate(probe, source: Sample.source(target.family), key: key)
      return (0..<Self.tries).map { attempt in
        (
          place,
          written(template.bytes.count) { packet in
            for (offset, byte) in template.bytes.enumerated() { packet.set(byte, at: offset) }
            template.patch.write(&packet, at: 0, target: target, attempt: attempt)
          }
        )
      }
    }
  }

  /// Hands a packet in: it is counted once, and settles no target but one whose cookie it holds.
  mutating func receive(_ packet: [UInt8]) throws(Violation) {
    let before = collector.counters
    let settled = collector.settled
    let finding = collector.receive(packet.span.bytes)
    let after = collector.counters
    try require(after.received == before.received + 1, "not counted once: \(before), \(after)")
    try require(after.dropped == before.dropped, "counted as dropped")
    guard let finding else {
      return try require(collector.settled == settled, "settled without a finding")
    }
    try require(finding.target == plan.target(at: finding.place), "a finding about another target")
    try note(finding)
    try require(
      sent.contains { $0.place == finding.place && holdsCookie(packet, of: $0.bytes) },
      "found without a cookie")
  }

  mutating func notSent(_ number: Int) throws(Violation) {
    if let finding = collector.notSent(number % plan.count, .noRoute) { try note(finding) }
  }

  private mutating func note(_ finding: SweepFinding) throws(Violation) {
    try require(found.insert(finding.place).inserted, "place \(finding.place) was found before")
    try require(collector.settled.contains(finding.place), "found and not settled")
  }

  /// At the end each target has exactly one outcome.
  mutating func finish() throws(Violation) {
    var rest: [Int] = []
    collector.forEachUnsettled(isSilent: { _ in true }) { rest.append($0.place) }
    try require(found.union(rest).count == plan.count, "a target without an outcome")
    try require(found.isDisjoint(with: rest) && Set(rest).count == rest.count, "a target with two")
  }

  /// Whether the packet repeats, anywhere, what only this one said: the word behind the ports or the ICMP header's
  /// checksum, or the port a datagram left from. Does not dissect, so it is right where a dissector is wrong.
  private func holdsCookie(_ packet: [UInt8], of sent: [UInt8]) -> Bool {
    let start = sent[0] >> 4 == 4 ? IPv4Header.byteCount : IPv6Header.byteCount
    if case .udp = plan.probe {
      return packet.count >= 2
        && (0...packet.count - 2).contains {
          packet.span.bytes.uint16(at: $0) == sent.span.bytes.uint16(at: start)
        }
    }
    let field = sent.span.bytes.uint32(at: start + 4)
    return packet.count >= 4
      && (0...packet.count - 4).contains { offset in
        let value = packet.span.bytes.uint32(at: offset)
        return value == field || plan.probe != .echo && value == field &+ 1
      }
  }
}

extension SweepBench {
  /// One of the packets that left, turned around and changed by the script, with a right checksum as a rule.
  func reply(_ script: inout Script) -> [UInt8] {
    var packet = sent[script.number() % sent.count].bytes
    let isIPv4 = packet[0] >> 4 == 4
    let start = isIPv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    let length = isIPv4 ? 4 : 16
    for offset in 0..<length { packet.swapAt(start - 2 * length + offset, start - length + offset) }
    let choice = script.number()
    switch plan.probe {
    case .echo: packet[start] = isIPv4 ? 0 : 129
    case .tcp:
      let sequence = packet.span.bytes.uint32(at: start + 4)
      for offset in 0..<2 { packet.swapAt(start + offset, start + 2 + offset) }
      for (offset, shift) in [24, 16, 8, 0].enumerated() as EnumeratedSequence<[UInt32]> {
        packet[start + 8 + offset] = UInt8(truncatingIfNeeded: (sequence &+ UInt32(choice & 1 ^ 1)) >> shift)
      }
      packet[start + 13] = choice & 2 == 0 ? 0x12 : 0x14
    case .udp(let port):
      for offset in 0..<2 { packet.swapAt(start + offset, start + 2 + offset) }
      if port == 53 { packet[start + 10] |= 0x80 }
      if port == 123 {
        for offset in 0..<8 { packet.swapAt(start + 8 + 24 + offset, start + 8 + 40 + offset) }
      }
    }
    for _ in 0..<choice >> 2 & 3 { packet[script.number() % packet.count] ^= UInt8(script.number()) }
    if choice & 0x40 != 0 { packet.removeLast(min(packet.count, script.number() & 31)) }
    return choice & 0x80 != 0 ? packet : Self.withChecksum(packet)
  }

  /// An error about one of the packets that left.
  func error(_ script: inout Script) -> [UInt8] {
    let packet = sent[script.number() % sent.count].bytes
    let isIPv4 = packet[0] >> 4 == 4
    let start = isIPv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    let quote = script.number() & 1 == 0 ? packet[...] : packet.prefix(start + 8)
    let message = [UInt8(script.number()), UInt8(script.number()), 0, 0, 0, 0, 0, 0] + quote
    var error = Array(packet[..<start]) + message
    error[isIPv4 ? 9 : 6] = isIPv4 ? 1 : 58
    let length = isIPv4 ? error.count : message.count
    (error[isIPv4 ? 2 : 4], error[isIPv4 ? 3 : 5]) = (UInt8(length >> 8), UInt8(length & 255))
    // From whoever the script says, to whoever sent the packet.
    let size = isIPv4 ? 4 : 16
    for offset in 0..<size { error.swapAt(start - 2 * size + offset, start - size + offset) }
    if script.number() & 1 == 0 { error[start - size - 1] ^= UInt8(script.number()) }
    return Self.withChecksum(error)
  }

  /// The packet with the checksums that its bytes call for.
  private static func withChecksum(_ packet: [UInt8]) -> [UInt8] {
    var packet = packet
    let isIPv4 = packet.first.map { $0 >> 4 == 4 } ?? true
    let start = isIPv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    guard packet.count >= start + 8 else { return packet }
    let upperLayer = IPProtocol(rawValue: packet[isIPv4 ? 9 : 6])
    let field: Int =
      switch upperLayer {
      case .tcp: start + 16
      case .udp: start + 6
      default: start + 2
      }
    func set(_ value: UInt16, at offset: Int) {
      guard offset + 1 < packet.count else { return }
      (packet[offset], packet[offset + 1]) = (UInt8(value >> 8), UInt8(value & 255))
    }
    if isIPv4 {
      set(0, at: 10)
      var sum = InternetChecksum()
      sum.add(packet.span.bytes.extracting(0..<start))
      set(sum.value, at: 10)
    }
    set(0, at: field)
    let length = isIPv4 ? 4 : 16
    var sum = InternetChecksum()
    if upperLayer != .icmp(.ipv4) {
      let family: AddressFamily = isIPv4 ? .ipv4 : .ipv6
      sum = InternetChecksum(
        source: packet.span.bytes.address(family, at: start - 2 * length),
        destination: packet.span.bytes.address(family, at: start - length), upperLayer: upperLayer,
        length: packet.count - start)
    }
    sum.add(packet.span.bytes.extracting(start..<packet.count))
    set(sum.value, at: field)
    return packet
  }
}
