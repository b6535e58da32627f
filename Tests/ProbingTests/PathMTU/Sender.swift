import Observations
import Testing
import Wire

@testable import Probing

/// The far end of a connection: sends what was asked for, a window at a time, and listens to what it is told. Written
/// byte by byte, without the parsers under test.
struct Sender {
  enum Reaction { case heeds, ignores, fragments, fallsSilent, resets }

  /// Data in each segment, in bytes.
  var segment = 1428
  /// How much it has to send in all, and how much it may before the reader reads on.
  var total = 200_000
  var window = 8_000
  var reaction = Reaction.heeds
  /// Whether it listens only to what quotes data in flight, which a message while it waits does not.
  var needsFlight = false
  /// Messages it does not get.
  var losesMessages = 0
  /// How many segments receive offload puts together.
  var merges = 1
  /// Whether segments are fragmented from the start.
  var isFragmenting = false
  var next: UInt32 = 0xffff_f000

  private(set) var told = 0
  private var unacknowledged: UInt32 = 0
  private var isSilent = false
  private var hasReset = false

  static let local = Endpoint(vantage6, 40_000)
  static let remote = Endpoint(target(1), 443)

  /// What it sends when the window opens.
  mutating func flight() -> [[UInt8]] {
    guard !isSilent else { return [] }
    if hasReset { return [Self.packet(next, count: 0, flags: 0x14)] }
    unacknowledged = next
    var packets: [[UInt8]] = []
    var left = min(window, total)
    while left > 0 {
      let count = min(left, segment * merges)
      let isLast = count == left && total == left
      let whole = Self.packet(next, count: count, flags: isLast ? 0x19 : 0x10)
      packets += isFragmenting ? EchoHost.fragments(whole, mtu: 1280) : [whole]
      next &+= UInt32(count)
      left -= count
      total -= count
    }
    return packets
  }

  /// Takes a Packet Too Big; the checks are those of RFC 5927 §4.1 as kernels make them.
  mutating func hear(_ message: [UInt8]) {
    #expect(message[40] == 2 && message.count <= 1280)
    #expect(Array(message[48..<88].dropFirst(8)) == Self.remote.address.bytes + Self.local.address.bytes)
    #expect(Array(message[88..<92]) == [1, 187, 0x9c, 0x40])
    if losesMessages > 0 {
      losesMessages -= 1
      return
    }
    let sequence = message[92..<96].reduce(0) { $0 << 8 | UInt32($1) }
    let place = sequence &- unacknowledged
    let flying = next &- unacknowledged
    guard needsFlight ? place < flying : place <= flying else { return }
    told += 1
    switch reaction {
    case .heeds: segment = min(segment, 1280 - 72)
    case .ignores: break
    case .fragments: isFragmenting = true
    case .fallsSilent: isSilent = true
    case .resets: hasReset = true
    }
  }

  /// The reader has everything.
  mutating func acknowledge() { unacknowledged = next }

  /// A segment with twelve bytes of options and `count` of data.
  static func packet(
    _ sequence: UInt32, count: Int, flags: UInt8, from sender: IPAddress = remote.address, port: UInt16 = 443
  ) -> [UInt8] {
    var segment: [UInt8] = [UInt8(port >> 8), UInt8(port & 255), 0x9c, 0x40]
    segment += (0..<4).map { UInt8(truncatingIfNeeded: sequence >> UInt32(24 - 8 * $0)) }
    segment += [0, 0, 0, 9, 0x80, flags, 0x72, 0x10, 0, 0, 0, 0] + Array(repeating: 1, count: 12)
    segment += Array(repeating: 0x61, count: count)
    // A packet to us: the helper answers whoever sent the packet it is called on.
    let ours = SentPacket(bytes: [0x60, 0, 0, 0, 0, 0, 6, 64] + local.address.bytes + sender.bytes)
    return ours.packet(from: sender.bytes, next: 6, payload: segment, checksumAt: 16)
  }
}

typealias WatchBench = MachineBench<PathMTUWatch>

extension MachineBench where Machine == PathMTUWatch {
  init(_ adjust: (inout PathMTUSettings) -> Void = { _ in }) {
    var settings = PathMTUSettings()
    adjust(&settings)
    self.init(PathMTUWatch(local: Sender.local, remote: Sender.remote, settings: settings))
  }

  /// Runs against a sender until the end.
  mutating func run(_ sender: inout Sender) -> PathMTUOutcome? {
    for _ in 0..<200 {
      guard let next = nextStep() else { return machine.outcome }
      switch next.step {
      case .cue: for packet in sender.flight() { deliver(packet, &sender) }
      case .send: sender.hear(next.bytes)
      case .wait, .finished: break
      }
      // Our kernel acknowledges at once; only what is in flight at a nudge is not.
      sender.acknowledge()
    }
    Issue.record("no end after 200 steps")
    return nil
  }

  /// Runs against a sender; this is to come of it.
  mutating func expect(
    _ sender: inout Sender, _ wanted: PathMTUOutcome, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let outcome = run(&sender)
    #expect(outcome == wanted, sourceLocation: sourceLocation)
  }

  /// A segment arrives; if it makes the message due once more, that leaves while the rest is in flight.
  private mutating func deliver(_ packet: [UInt8], _ sender: inout Sender) {
    receive(packet, after: 100_000)
    if case .send = machine.next(now: now), let next = nextStep() { sender.hear(next.bytes) }
  }
}
