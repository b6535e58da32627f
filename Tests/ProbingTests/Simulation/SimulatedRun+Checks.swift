import Observations
import Wire

@testable import Probing

extension SimulatedRun {
  /// Everybody has an outcome, every packet is counted once, nobody is asked too often.
  func checkTotals() -> [String] {
    var complaints: [String] = []
    let counters = engine.counters
    if engine.remaining != 0 { complaints.append("\(engine.remaining) remain") }
    for (probe, outcome) in engine.outcomes.enumerated() where outcome == nil {
      complaints.append("probe \(probe) has no outcome")
    }
    let received =
      counters.matched + counters.repeated + counters.late + counters.forged + counters.unrelated
      + counters.malformed + counters.badChecksum
    if received != delivered.count {
      complaints.append("\(delivered.count) packets handed in, \(received) counted")
    }
    if counters.dropped != dropped.count { complaints.append("drops not counted") }
    for probe in probes.indices {
      let attempts = sends.filter { $0.probe == probe }.map(\.attempt)
      if attempts != Array(0..<attempts.count) { complaints.append("probe \(probe) tried as \(attempts)") }
      if attempts.count > settings.tries * (1 + settings.extraRounds) {
        complaints.append("probe \(probe) tried \(attempts.count) times")
      }
    }
    return complaints
  }

  /// No window of one second holds more packets than the rate, in all, to one host, to one prefix.
  func checkRates() -> [String] {
    var times: [String: (limit: Double, times: [UInt64])] = ["all": (settings.rate, sends.map(\.time))]
    for send in sends {
      let target = probes[send.probe].target
      let prefix = Prefix(target, length: target.family == .ipv4 ? 24 : 48)
      times["\(target)", default: (settings.hostRate, [])].times.append(send.time)
      times["\(prefix)", default: (settings.prefixRate, [])].times.append(send.time)
    }
    return times.compactMap { name, entry in
      guard entry.limit.isFinite else { return nil }
      let most = mostInOneSecond(entry.times)
      return Double(most) > entry.limit.rounded(.up)
        ? "\(most) packets/s to \(name), \(entry.limit) allowed" : nil
    }
  }

  /// Each outcome is the one that what was delivered calls for.
  func checkOutcomes() -> [String] {
    engine.outcomes.enumerated().compactMap { probe, outcome in
      complaint(about: probe, outcome).map { "probe \(probe) is \(outcome.map { "\($0)" } ?? "nil"): \($0)" }
    }
  }

  private func complaint(about probe: Int, _ outcome: ProbeOutcome?) -> String? {
    let sent = sends.filter { $0.probe == probe }
    let genuine = delivered.filter { $0.probe == probe && $0.kind != .noise }
    if unsendable.contains(probe) {
      return outcome == .notSent(.neighbourSilent) ? nil : "the driver could not send it"
    }
    guard let last = sent.last else { return "it was never sent" }
    let inTime = genuine.filter { isInTime($0, sent) }
    if let definite = inTime.first(where: { $0.kind != .softError }) {
      return confirm(outcome, by: [definite], sent.map(\.time))
        ? nil : "\(definite.kind) came first, and in time"
    }
    switch outcome {
    case .answered, .closed: return confirm(outcome, by: genuine, sent.map(\.time)) ? nil : "no reply says so"
    case .rejected: return confirm(outcome, by: genuine, sent.map(\.time)) ? nil : "no error says so"
    case .silent(let tries):
      if !inTime.isEmpty { return "\(inTime[0].kind) came in time" }
      if tries != sent.count { return "it was tried \(sent.count) times" }
      if sent.count % settings.tries != 0 { return "a round of \(settings.tries) tries is not complete" }
      let round = sent.suffix(settings.tries).first?.time ?? 0
      let isHidden = dropped.contains { (round...deadline(last)).contains($0.time) }
      return isHidden ? "the capture dropped packets meanwhile" : nil
    case .unmeasured: return dropped.isEmpty ? "nothing was dropped" : nil
    case .notSent, nil: return "it was sent"
    }
  }

  /// Whether a reply came while its probe was waiting for one: not behind the last try of a round by more than the
  /// waiting time. Rounds can lie far apart.
  private func isInTime(
    _ reply: Delivery, _ sent: [(time: UInt64, probe: Int, attempt: Int)]
  ) -> Bool {
    // A reply of the very moment in which a packet leaves is none to that packet.
    guard let before = sent.last(where: { $0.time < reply.time }) else { return false }
    return (before.attempt + 1) % settings.tries != 0 || reply.time <= deadline(before)
  }

  /// When the waiting for this try ends at the earliest, jitter left out.
  private func deadline(_ send: (time: UInt64, probe: Int, attempt: Int)) -> UInt64 {
    var time = Double(settings.timeout)
    for _ in 0..<send.attempt % settings.tries { time *= settings.backoff }
    return send.time + UInt64(time)
  }

  /// Whether one of these replies makes this outcome.
  private func confirm(_ outcome: ProbeOutcome?, by replies: [Delivery], _ sent: [UInt64]) -> Bool {
    replies.contains { reply in
      let roundTrip = Duration64(microseconds: Int64((reply.time - sent[reply.attempt]) / 1000))
      switch (outcome, reply.kind) {
      case (.answered(roundTrip, let tries), .answer):
        return tries > reply.attempt && tries <= sent.count
      case (.closed(roundTrip), .closed): return true
      case (.rejected(let rejection), .refusal), (.rejected(let rejection), .softError):
        return reply.error.map { $0 == (rejection.type, rejection.code, rejection.source.bytes) } ?? false
      default: return false
      }
    }
  }
}

/// The most of these ascending times that lie in any half-open window of one second.
func mostInOneSecond(_ times: [UInt64]) -> Int {
  var most = 0
  var first = 0
  for (index, time) in times.enumerated() {
    while time - times[first] >= 1_000_000_000 { first += 1 }
    most = max(most, index - first + 1)
  }
  return most
}
