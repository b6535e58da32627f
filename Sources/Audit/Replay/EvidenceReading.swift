import Observations
import PacketIO
import Probing
import Wire

/// One section of our own evidence, read again.
struct EvidenceReading: Sendable {
  /// The most bytes of packets of a section: some times what is ever written.
  static let limit = 16 << 20
  /// The most probes of a section.
  private static let mostProbes = 1 << 20

  private let section: EvidenceSection
  private let probes: [EvidenceSection.Entry]
  private var packets: [CapturedPacket] = []
  private var bytes = 0

  /// The section that these comments describe; `nil` if they are not ours.
  init?(_ comments: [String]) {
    guard let (section, probes) = EvidenceSection.read(comments), probes.count <= Self.mostProbes else {
      return nil
    }
    self.section = section
    self.probes = probes
  }

  /// Adds a packet; whether there was room.
  mutating func add(_ packet: CapturedPacket) -> Bool {
    bytes += packet.bytes.count + 64
    guard bytes <= Self.limit else { return false }
    packets.append(packet)
    return true
  }

  /// What came of each probe, by the engine that asked it.
  func observations() -> [Observation] {
    var engine = ProbeEngine(
      replaying: probes.map(\.probe), numbers: probes.map(\.number), settings: section.probeSettings,
      key: section.cookieKey ?? SipHashKey(low: 0, high: 0))
    feed(&engine)
    return probes.enumerated().compactMap { index, entry in
      guard let sequence = entry.sequence,
        let outcome = entry.notSent.map({ .notSent($0) }) ?? engine.outcome(of: index)
      else { return nil }
      let settled = engine.settledAt(index).map { Timestamp(microseconds: Int64(clamping: $0 / 1000)) }
      let told = entry.notSent == nil ? settled : entry.at
      return Observation(
        sequence: sequence, host: section.host, at: told ?? Timestamp(microseconds: 0),
        vantage: section.vantage, fact: entry.fact(outcome))
    }
  }

  private func feed(_ engine: inout ProbeEngine) {
    // The file is in the order of time, the engine saw things in theirs; `order` says it.
    let ordered = packets.enumerated().sorted {
      ($0.element.order ?? UInt64($0.offset), $0.offset) < ($1.element.order ?? UInt64($1.offset), $1.offset)
    }.map(\.element)
    // Somebody may have written these by hand: what cannot be is left out.
    var drops = section.drops.prefix(1024).filter { $0.count == 3 && $0[0] <= $0[1] && $0[2] < 1 << 40 }
      .sorted { $0[1] < $1[1] }[...]
    var rounds = section.rounds.prefix(16).sorted()[...]
    var now: UInt64 = 0
    func tellDrops(until time: UInt64) {
      while let drop = drops.first, drop[1] <= time {
        engine.captureDropped(0, now: drop[0])
        engine.captureDropped(drop[2], now: drop[1])
        drops.removeFirst()
      }
    }
    func tell(until time: UInt64) {
      while let round = rounds.first, round <= time {
        tellDrops(until: round)
        now = max(now, min(round, .max >> 2))
        engine.replay(roundAt: now)
        rounds.removeFirst()
      }
      tellDrops(until: time)
    }
    for packet in ordered {
      let time = min(packet.time, .max >> 2)
      tell(until: time)
      if packet.direction == .sent {
        now = max(now, time)
        packet.withIPPacket { _ = engine.replay(sent: $0, now: now) }
      } else {
        packet.withIPPacket { engine.replay(received: $0, now: time) }
      }
    }
    tell(until: .max)
    engine.endReplay()
  }
}
