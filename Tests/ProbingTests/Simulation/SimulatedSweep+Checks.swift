import Observations
import Probing
import Wire

extension SimulatedSweep {
  /// All that must hold in any world; what does not.
  func check() -> [String] {
    complaints + checkOutcomes() + checkSends() + checkRates() + checkCounters()
  }

  /// Exactly one outcome for each target, and the one that what was delivered calls for.
  private func checkOutcomes() -> [String] {
    var complaints: [String] = []
    var outcomes: [Int: SweepFinding] = [:]
    for finding in findings {
      if let first = outcomes.updateValue(finding, forKey: finding.place) {
        complaints.append("place \(finding.place) is \(first.outcome), then \(finding.outcome)")
      }
      if plan.target(at: finding.place) != finding.target {
        complaints.append("place \(finding.place) is another's")
      }
    }
    let replies = Dictionary(grouping: delivered.filter { $0.kind != .noise }, by: \.probe)
    let lost = Dictionary(grouping: dropped.filter { $0.kind != .noise }, by: \.probe)
    // What was sent after the position that was kept counts for nothing, save for an answer that came in time for it.
    let tries = Dictionary(grouping: sends.filter { !$0.isForgotten }, by: \.place)
    let asked = Set(sends.map(\.place))
    for place in 0..<plan.count {
      guard let finding = outcomes[place] else {
        complaints.append("place \(place) has no outcome")
        continue
      }
      if !asked.contains(place) && !unsendable.contains(place) {
        complaints.append("place \(place) is \(finding.outcome): it was never sent to")
      }
      let why = complaint(finding, tries[place] ?? [], replies[place] ?? [], lost[place] ?? [])
      if let why { complaints.append("place \(place) is \(finding.outcome): \(why)") }
    }
    return complaints
  }

  private func complaint(
    _ finding: SweepFinding, _ tries: [Send], _ replies: [Delivery], _ lost: [Delivery]
  ) -> String? {
    if unsendable.contains(finding.place) {
      return finding.outcome == .notSent(.sendFailed) ? nil : "it could not be sent to"
    }
    let definite = replies.first { $0.kind != .softError }
    switch (finding.outcome, definite?.kind) {
    case (.answered, .answer), (.closed, .closed): return attemptComplaint(finding, replies)
    case (.rejected(let rejection), .refusal):
      return definite?.error.map { $0 == (rejection.type, rejection.code, rejection.source.bytes) } == true
        ? nil : "the error was another"
    case (.rejected(let rejection), nil):
      let isSaid = replies.contains {
        $0.error.map { $0 == (rejection.type, rejection.code, rejection.source.bytes) } ?? false
      }
      return isSaid ? nil : "no error says so"
    case (.silent, nil):
      if let reply = replies.first(where: { isInTime($0, tries) }) { return "\(reply.kind) came in time" }
      // As many tries as the plan says must have been ones whose replies the capture did not lose.
      let disturbed = Set(lost.filter { isInTime($0, tries) }.map(\.attempt))
      let clean = Set(tries.map(\.round)).subtracting(disturbed).count
      return clean >= plan.tries ? nil : "only \(clean) tries were undisturbed"
    case (.unknown, nil): return dropped.isEmpty ? "nothing was dropped" : nil
    case (_, let kind?): return "\(kind) was delivered"
    case (let outcome, nil): return "nothing says \(outcome)"
    }
  }

  private func attemptComplaint(_ finding: SweepFinding, _ replies: [Delivery]) -> String? {
    replies.contains { $0.attempt + 1 == Int(finding.attempt) }
      ? nil : "try \(finding.attempt) was not answered"
  }

  private func isInTime(_ reply: Delivery, _ tries: [Send]) -> Bool {
    tries.contains {
      $0.round == reply.attempt && reply.time >= $0.time && reply.time - $0.time <= wait
    } && reply.kind != .softError
  }

  /// No target is asked twice in a round, in any round after one it was left out of, or more often than needed.
  private func checkSends() -> [String] {
    var complaints: [String] = []
    for (place, all) in Dictionary(grouping: sends, by: \.place) {
      let tries = all.filter { !$0.isForgotten }
      // A kill costs each target one packet at most.
      if all.count - tries.count > killed {
        complaints.append("place \(place) was asked in vain \(all.count - tries.count) times")
      }
      let rounds = tries.map(\.round)
      if Set(rounds).count != rounds.count { complaints.append("place \(place) asked in rounds \(rounds)") }
      if dropped.isEmpty && rounds.count > plan.tries {
        complaints.append("place \(place) asked \(rounds.count) times")
      }
    }
    return complaints
  }

  /// No window of one second holds more packets than the rate, in all and to one prefix.
  private func checkRates() -> [String] {
    var times: [String: (limit: Double, times: [UInt64])] = ["all": (pace.rate, sends.map(\.time))]
    if pace.prefixRate.isFinite {
      for send in sends {
        let target = plan.target(at: send.place)
        let prefix = Prefix(target, length: target.family == .ipv4 ? 24 : 48)
        times["\(prefix)", default: (pace.prefixRate, [])].times.append(send.time)
      }
    }
    return times.compactMap { name, entry in
      guard entry.limit.isFinite else { return nil }
      let most = mostInOneSecond(entry.times)
      return Double(most) > entry.limit.rounded(.up)
        ? "\(most) packets/s to \(name), \(entry.limit) allowed" : nil
    }
  }

  private func checkCounters() -> [String] {
    counters.received == delivered.count + forgotten
      ? [] : ["\(delivered.count + forgotten) packets handed in, \(counters.received) counted"]
  }
}
