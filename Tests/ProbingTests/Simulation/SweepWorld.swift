import Probing
import SeededRandom
import Wire

/// What a sweep meets out there. Everything about a target follows from its address and the seed, so that a world of
/// millions needs no table.
struct SweepWorld {
  enum Kind: String, Codable, CaseIterable {
    case open, closed, silent
    /// An error of a kind that stands, or of one that may pass.
    case refused, unreachable
    /// An error that may pass for the first try, an answer afterwards.
    case slowNeighbour
    /// Nothing but packets that pretend to be answers.
    case hostile
  }

  /// A part of the address space where other rules hold.
  struct Area {
    var prefix: Prefix
    /// All targets in it are of this kind: a firewall, an aliased prefix, a border router without a route.
    var kind: Kind?
    /// Replies a second that get out of it; the others are lost. `nil` for all.
    var limit: Int?
    /// When the limit begins to hold.
    var limitAfter: UInt64 = 0
  }

  /// How often each kind occurs.
  var kinds: [Kind]
  var areas: [Area] = []
  /// Nanoseconds until a reply is back, and by how much more it may take.
  var delay: UInt64
  var jitter: UInt64
  /// How many of 256 packets are lost, either way, and how many replies come twice.
  var loss = 0
  var duplicates = 0
  /// How many of 256 packets are followed by something that pretends to be a reply.
  var noise = 0
  let seed: UInt64
  private var random: SplitMix64
  private var spent: [Prefix: (second: UInt64, count: Int)] = [:]

  init(kinds: [Kind], delay: UInt64, jitter: UInt64, seed: UInt64) {
    self.kinds = kinds
    self.delay = delay
    self.jitter = jitter
    self.seed = seed
    random = SplitMix64(seed: seed)
  }

  /// What a target is.
  func kind(of target: IPAddress) -> Kind {
    if let kind = area(of: target)?.kind { return kind }
    var own = SplitMix64(seed: seed ^ target.high ^ target.low &* 0x9e37_79b9_7f4a_7c15)
    return own.pick(kinds)
  }

  /// The smallest area that holds a target.
  func area(of target: IPAddress) -> Area? {
    areas.filter { $0.prefix.contains(target) }.max { $0.prefix.length < $1.prefix.length }
  }

  /// What comes back for a packet that left at `now`.
  mutating func replies(to packet: SentPacket, target: IPAddress, place: Int, round: Int, now: UInt64)
    -> [Delivery]
  {
    var replies =
      random.below(256) < noise || kind(of: target) == .hostile
      ? [
        Delivery(
          time: now + random.next() % 1_000_000_000, probe: place, attempt: round, kind: .noise,
          bytes: lie(packet))
      ]
      : []
    guard random.below(256) >= loss, let reply = reply(packet, target, place, round, now) else {
      return replies
    }
    if let area = area(of: target), let limit = area.limit, now >= area.limitAfter {
      var bucket = spent[area.prefix] ?? (now / 1_000_000_000, 0)
      if bucket.second != now / 1_000_000_000 { bucket = (now / 1_000_000_000, 0) }
      bucket.count += 1
      spent[area.prefix] = bucket
      if bucket.count > limit { return replies }
    }
    for _ in 0..<(random.below(256) < duplicates ? 2 : 1) where random.below(256) >= loss {
      var copy = reply
      copy.time = now + delay + random.next() % (jitter + 1)
      if random.onceIn(4) { copy.bytes += Array(repeating: 0, count: random.below(7)) }
      replies.append(copy)
    }
    return replies
  }

  private mutating func reply(
    _ packet: SentPacket, _ target: IPAddress, _ place: Int, _ round: Int, _ now: UInt64
  ) -> Delivery? {
    var delivery = Delivery(time: now, probe: place, attempt: round, kind: .answer, bytes: [])
    switch kind(of: target) {
    case .silent, .hostile: return nil
    case .closed where packet.isTCP:
      delivery.kind = .closed
      delivery.bytes = packet.tcp(flags: 0x14, counted: random.onceIn(4) ? 0 : 1)
    case .closed where packet.isUDP:
      delivery.kind = .closed
      delivery.bytes = packet.error(
        type: packet.isIPv4 ? 3 : 1, code: packet.isIPv4 ? 3 : 4, from: packet.target)
    case .refused:
      delivery.kind = .refusal
      delivery.error = packet.isIPv4 ? (3, 13, router(packet)) : (1, 1, router(packet))
    case .unreachable: delivery.kind = .softError
    case .slowNeighbour where round == 0: delivery.kind = .softError
    case .open, .closed, .slowNeighbour:
      delivery.bytes = packet.isUDP ? packet.datagramAnswer() : packet.answer()
    }
    if delivery.kind == .softError {
      delivery.error = packet.isIPv4 ? (3, 1, router(packet)) : (1, 3, router(packet))
    }
    if let error = delivery.error {
      delivery.bytes = packet.error(
        type: error.type, code: error.code, from: error.router, quoted: random.onceIn(2) ? 8 : .max)
    }
    return delivery
  }

  private func router(_ packet: SentPacket) -> [UInt8] { packet.target.dropLast() + [0xfe] }

  /// A packet that must not change any outcome.
  private mutating func lie(_ packet: SentPacket) -> [UInt8] {
    let start = packet.isIPv4 ? 20 : 40
    let answer = packet.isUDP ? packet.datagramAnswer() : packet.answer()
    switch random.below(5) {
    case 0:  // Damaged on the way: the checksum tells.
      var bytes = answer
      bytes[start + random.below(bytes.count - start)] ^= 1 << UInt8(random.below(8))
      // Once in 65,536 times it looks as if the checksum had been left to hardware, and nobody can tell.
      return packet.looksOffloaded(bytes) ? [] : bytes
    case 1:  // Right, but from somebody who was never asked.
      var other = packet.target
      other[packet.isIPv4 ? 0 : 2] ^= 0x55
      let message = Array(answer[start...])
      return packet.packet(
        from: other, next: packet.bytes[packet.isIPv4 ? 9 : 6], payload: message,
        checksumAt: packet.isTCP ? 16 : packet.isUDP ? 6 : 2)
    case 2:  // An error about a packet that never left.
      var never = packet.bytes
      never[start + (packet.isUDP ? 1 : 5)] ^= 0x40
      return SentPacket(bytes: never).error(
        type: packet.isIPv4 ? 3 : 1, code: packet.isIPv4 ? 13 : 1, from: packet.target, quoted: 8)
    case 3: return Array(answer.prefix(random.below(start + 8)))
    default: return (0..<random.below(100)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
  }
}
