import SeededRandom
import Wire

/// What one probe meets out there.
struct Behaviour {
  enum Kind {
    case open, closed, silent
    /// An error of a kind that stands, or of one that may pass.
    case refused, unreachable
    /// An error that may pass for the first try, an answer afterwards: neighbour discovery on the last hop.
    case slowNeighbour
    /// Nothing but packets that pretend to be answers.
    case hostile
  }

  var kind: Kind
  /// Nanoseconds until a reply is back, without what jitter adds.
  var delay: UInt64
  /// Nanoseconds that a reply may take longer; larger than the spacing of tries, it reorders them.
  var jitter: UInt64
  /// How many of 16 packets get lost, either way.
  var loss: Int
  /// How many of 16 replies come twice.
  var duplicates: Int
}

/// A reply on its way back, and what is known of it that the engine has to find out.
struct Delivery {
  enum Kind { case answer, closed, refusal, softError, noise }
  var time: UInt64
  var probe: Int
  var attempt: Int
  var kind: Kind
  var bytes: [UInt8]
  /// Type, code and sender of an error.
  var error: (type: UInt8, code: UInt8, router: [UInt8])?
}

/// Latency, loss, reordering, duplication, refusals and lies, all from a seed.
struct SimulatedNetwork {
  private var random: SplitMix64
  private let behaviours: [Behaviour]
  /// Errors a router may still send in this second (RFC 4443 §2.4 (f) has routers limit them).
  private var errorBudget: (second: UInt64, left: Int) = (0, 0)

  init(behaviours: [Behaviour], seed: UInt64) {
    self.behaviours = behaviours
    random = SplitMix64(seed: seed)
  }

  /// What comes back for a packet that left at `now`.
  mutating func replies(to packet: SentPacket, probe: Int, attempt: Int, now: UInt64) -> [Delivery] {
    let behaviour = behaviours[probe]
    var replies = noise(for: packet, probe: probe, attempt: attempt, now: now)
    guard random.below(16) >= behaviour.loss else { return replies }
    guard let reply = reply(behaviour, to: packet, probe: probe, attempt: attempt, now: now) else {
      return replies
    }
    let copies = random.below(16) < behaviour.duplicates ? 2 : 1
    for _ in 0..<copies where random.below(16) >= behaviour.loss {
      var copy = reply
      copy.time = now + behaviour.delay + random.next() % (behaviour.jitter + 1)
      // As a short Ethernet frame would bring it.
      if random.onceIn(4) { copy.bytes += Array(repeating: 0, count: random.below(7)) }
      replies.append(copy)
    }
    return replies
  }

  private mutating func reply(
    _ behaviour: Behaviour, to packet: SentPacket, probe: Int, attempt: Int, now: UInt64
  ) -> Delivery? {
    var delivery = Delivery(time: now, probe: probe, attempt: attempt, kind: .answer, bytes: [])
    switch behaviour.kind {
    case .silent, .hostile: return nil
    case .closed where packet.isTCP:
      delivery.kind = .closed
      delivery.bytes = packet.tcp(flags: 0x14, counted: random.onceIn(4) ? 0 : 1)
    case .refused: return error(isFinal: true, delivery, packet, now: now)
    case .unreachable: return error(isFinal: false, delivery, packet, now: now)
    case .slowNeighbour where attempt == 0: return error(isFinal: false, delivery, packet, now: now)
    case .open, .closed, .slowNeighbour: delivery.bytes = packet.answer()
    }
    return delivery
  }

  private mutating func error(
    isFinal: Bool, _ delivery: Delivery, _ packet: SentPacket, now: UInt64
  ) -> Delivery? {
    if errorBudget.second != now / 1_000_000_000 { errorBudget = (now / 1_000_000_000, 20) }
    guard errorBudget.left > 0 else { return nil }
    errorBudget.left -= 1
    let pairs: [(UInt8, UInt8)] =
      switch (packet.isIPv4, isFinal) {
      case (true, true): [(3, 2), (3, 3), (3, 9), (3, 10), (3, 13)]
      case (true, false): [(3, 0), (3, 1), (3, 4), (11, 0)]
      case (false, true): [(1, 1), (1, 4), (1, 5), (1, 6)]
      case (false, false): [(1, 0), (1, 2), (1, 3), (2, 0), (3, 0)]
      }
    let (type, code) = random.pick(pairs)
    let router = random.onceIn(2) ? packet.target : packet.target.dropLast() + [1]
    var delivery = delivery
    delivery.kind = isFinal ? .refusal : .softError
    delivery.error = (type, code, router)
    delivery.bytes = packet.error(type: type, code: code, from: router, quoted: random.onceIn(2) ? 8 : .max)
    return delivery
  }

  /// Packets that must not change any outcome.
  private mutating func noise(
    for packet: SentPacket, probe: Int, attempt: Int, now: UInt64
  ) -> [Delivery] {
    guard behaviours[probe].kind == .hostile || random.onceIn(8) else { return [] }
    return (0...random.below(3)).map { _ in
      let time = now + random.next() % 2_000_000_000
      return Delivery(time: time, probe: probe, attempt: attempt, kind: .noise, bytes: lie(about: packet))
    }
  }

  private mutating func lie(about packet: SentPacket) -> [UInt8] {
    let start = packet.isIPv4 ? 20 : 40
    switch random.below(7) {
    case 0:  // Damaged on the way: the checksum tells.
      var bytes = packet.answer()
      bytes[start + random.below(bytes.count - start)] ^= 1 << UInt8(random.below(8))
      // Once in 65,536 times it looks as if the checksum had been left to hardware, and nobody can tell.
      return packet.looksOffloaded(bytes) ? [] : bytes
    case 1:  // Right, but from somebody else.
      var other = packet.target
      other[other.count - 2] ^= 0x55
      return packet.isTCP
        ? packet.tcp(flags: 0x12, from: other)
        : packet.packet(
          from: other, next: packet.isIPv4 ? 1 : 58, payload: Array(packet.echoReply()[start...]),
          checksumAt: 2)
    case 2:  // Guessed.
      let guess = UInt32(truncatingIfNeeded: random.next()) | 2
      return packet.isTCP
        ? packet.tcp(flags: random.onceIn(2) ? 0x12 : 0x14, counted: guess)
        : packet.echoReply { $0[4 + Int(guess % 4)] ^= UInt8(guess >> 8 & 255) | 0x40 }
    case 3:  // An error about a packet we never sent.
      var never = packet.bytes
      never[start + 5] ^= 0x40
      return SentPacket(bytes: never).error(
        type: packet.isIPv4 ? 3 : 1, code: packet.isIPv4 ? 13 : 1, from: packet.target, quoted: 8)
    case 4:  // Cut off inside the headers.
      let bytes = packet.answer()
      return Array(bytes.prefix(random.below(start + 8)))
    case 5:  // Our own packet, as a loopback interface shows it.
      return packet.bytes
    default:
      return (0..<random.below(100)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
  }
}
