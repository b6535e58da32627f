import Observations
import Testing
import Wire

@testable import Probing

/// A host that answers echo requests, and what it does with the size of what it sends. Written byte by byte, without
/// the parsers under test.
struct EchoHost {
  /// The most it sends in one packet now, in bytes.
  var mtu = 1500
  /// Whether it lets itself be told.
  var heeds = true
  /// Loses every packet larger than this, in bytes, either way; and fragments, if so.
  var dropsAbove = Int.max
  var dropsFragments = false
  var dropsLaterFragments = false
  /// Whether a message makes it fall silent: to large answers, or to all.
  var isBlackHoleWhenTold = false
  var vanishesWhenTold = false
  /// What it was told, by MTU, and the messages themselves.
  private(set) var told: [Int] = []
  private(set) var messages: [[UInt8]] = []

  /// What comes back for a packet.
  mutating func replies(to bytes: [UInt8]) -> [[UInt8]] {
    let packet = SentPacket(bytes: bytes)
    let isMessage = packet.payload[0] == (packet.isIPv4 ? 3 : 2)
    if isMessage {
      messages.append(bytes)
      told.append(Int(packet.payload[6]) << 8 | Int(packet.payload[7]))
      if heeds { mtu = min(mtu, told.last ?? mtu) }
      return []
    }
    if vanishesWhenTold, !told.isEmpty { return [] }
    let reply = packet.echoReply()
    if isBlackHoleWhenTold, !told.isEmpty, reply.count > 1280 { return [] }
    var pieces = packet.isIPv4 ? [reply] : Self.fragments(reply, mtu: mtu)
    if dropsFragments, pieces.count > 1 { pieces = [] }
    if dropsLaterFragments { pieces = [pieces[0]] }
    return pieces.filter { $0.count <= dropsAbove }
  }

  /// RFC 8200 §4.5 as its text says it, for a packet without extension headers.
  static func fragments(_ packet: [UInt8], mtu: Int) -> [[UInt8]] {
    guard packet.count > mtu else { return [packet] }
    let room = (mtu - 48) / 8 * 8
    let payload = packet[40...]
    return stride(from: 0, to: payload.count, by: room).map { offset in
      let piece = payload.dropFirst(offset).prefix(room)
      let more: UInt8 = offset + piece.count < payload.count ? 1 : 0
      let length = piece.count + 8
      var bytes = Array(packet[0..<40])
      bytes[4] = UInt8(length >> 8)
      bytes[5] = UInt8(length & 255)
      bytes[6] = 44
      return bytes + [packet[6], 0, UInt8(offset >> 8), UInt8(offset & 255) | more, 0, 0, 0, 7] + piece
    }
  }
}

/// A path-MTU machine, a hand on its clock, and what it sent.
struct MachineBench<Machine: PathMTUMachine> {
  var machine: Machine
  var now: UInt64 = 1_000_000_000_000
  private(set) var sent: [PathMTUPacket] = []

  init(_ machine: Machine) { self.machine = machine }

  /// Lets time pass until something is to be done, and does it; `nil` at the end.
  mutating func nextStep() -> (step: PathMTUStep, bytes: [UInt8])? {
    while true {
      let step = machine.next(now: now)
      switch step {
      case .send(let packet):
        var buffer = Array(repeating: 0xee as UInt8, count: PathMTU.packetCapacity)
        var span = buffer.mutableSpan
        var raw = span.mutableBytes
        let count = machine.emit(packet, into: &raw, at: 0)
        machine.didSend(now: now)
        sent.append(packet)
        return (step, Array(buffer.prefix(count)))
      case .cue:
        machine.didCue(now: now)
        return (step, [])
      case .wait(let until):
        #expect(until > now)
        now = until
      case .finished: return nil
      }
    }
  }

  /// The next step; a failure at the end.
  mutating func step() throws -> (step: PathMTUStep, bytes: [UInt8]) {
    let next = nextStep()
    return try #require(next)
  }

  /// The next step is to be this one.
  mutating func expect(_ wanted: PathMTUStep, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let next = try step()
    #expect(next.step == wanted, sourceLocation: sourceLocation)
  }

  /// What is to be done at a time is to be this, without doing it.
  mutating func expectNext(
    now: UInt64, _ wanted: PathMTUStep, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let next = machine.next(now: now)
    #expect(next == wanted, sourceLocation: sourceLocation)
  }

  /// Nothing is to be done any more.
  mutating func expectEnd(sourceLocation: SourceLocation = #_sourceLocation) {
    let next = nextStep()
    #expect(next?.step == nil, sourceLocation: sourceLocation)
  }

  mutating func receive(_ bytes: [UInt8], after delay: UInt64 = 1_000_000) {
    now += delay
    machine.receive(ipPacket: bytes.span.bytes, now: now)
  }
}

typealias EchoBench = MachineBench<PathMTUProbe>

extension MachineBench where Machine == PathMTUProbe {
  init(_ family: AddressFamily = .ipv6, _ adjust: (inout PathMTUSettings) -> Void = { _ in }) {
    var settings = PathMTUSettings()
    adjust(&settings)
    self.init(
      PathMTUProbe(
        target: target(1, family), source: family == .ipv4 ? vantage4 : vantage6, settings: settings,
        key: SipHashKey(low: 1, high: 2)))
  }

  /// Runs against a host until the end.
  mutating func run(_ host: inout EchoHost) -> PathMTUOutcome? {
    for _ in 0..<100 {
      guard let next = nextStep() else { return machine.outcome }
      for reply in host.replies(to: next.bytes) { receive(reply) }
    }
    Issue.record("no end after 100 steps")
    return nil
  }

  /// Runs against a host; this is to come of it.
  mutating func expect(
    _ host: inout EchoHost, _ wanted: PathMTUOutcome, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let outcome = run(&host)
    #expect(outcome == wanted, sourceLocation: sourceLocation)
  }
}
