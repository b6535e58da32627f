/// Which targets get another packet, and what their silence is worth.
///
/// A sweep goes through its targets in rounds, one packet to each that has no outcome; between the last packet of a
/// round and the next round it waits as long as an answer may take. Silence counts only in rounds in which the
/// capture dropped nothing while the answer could have come. Rounds go on until every silent target had as many
/// undisturbed tries as the plan says, or `extra` more rounds than that were needed.
public struct SweepRounds: Sendable {
  /// How many rounds may be added because the capture dropped packets.
  public static let extra = 3

  /// Rounds that were closed: the number of the next one.
  public private(set) var number: Int
  /// Whether packets were dropped in the last round, so that the next should be slower.
  public private(set) var wasDisturbed = false
  /// Undisturbed tries, by chunk of places.
  public private(set) var undisturbed: [UInt8]

  private let tries: Int
  private let count: Int

  /// Chunks of the round under way whose answers may have been dropped.
  public private(set) var disturbed: Set<Int> = []

  /// Before the first round of a plan, or in the middle of an interrupted one.
  public init(_ plan: SweepPlan, from position: SweepPosition? = nil) {
    tries = plan.tries
    count = plan.count
    number = position?.round ?? 0
    let chunks = (plan.count + SendLog.chunkSize - 1) / SendLog.chunkSize
    undisturbed = position?.undisturbed ?? Array(repeating: 0, count: chunks)
    guard let position else { return }
    disturbed = Set(position.disturbed)
  }

  /// The places that the next round leaves out; `nil` when there is none left to ask, and the sweep is over.
  ///
  /// - Parameter settled: the places with an outcome.
  public func skipped(settled: PlaceSet) -> PlaceSet? {
    guard number < tries + Self.extra else { return nil }
    var skipped = settled
    for chunk in undisturbed.indices where Int(undisturbed[chunk]) >= tries {
      let words =
        chunk * SendLog.chunkSize / 64..<min(skipped.words.count, (chunk + 1) * SendLog.chunkSize / 64)
      for word in words { skipped.words[word] = .max }
    }
    return skipped.firstAbsent(from: 0) < count ? skipped : nil
  }

  /// Notes what was sent of the round under way, when its answers have been waited for.
  ///
  /// - Parameters:
  ///   - logs: of all senders.
  ///   - wait: how long after a packet its answer may come, in nanoseconds.
  ///   - drops: readings of the capture's counters, the last of them after the wait.
  public mutating func note(_ logs: [SendLog], wait: UInt64, drops: DropLog) {
    for log in logs {
      for index in log.first.indices where log.first[index] != .max {
        if drops.dropped(from: log.first[index], to: log.last[index] + wait) > 0 {
          // A chunk may be shared by two senders: one disturbed half is enough.
          disturbed.insert(log.firstChunk + index)
        }
      }
    }
  }

  /// Closes the round under way, of which all was noted.
  public mutating func close() {
    for chunk in undisturbed.indices where !disturbed.contains(chunk) {
      undisturbed[chunk] = min(undisturbed[chunk] + 1, 100)
    }
    wasDisturbed = !disturbed.isEmpty
    disturbed = []
    number += 1
  }

  /// Whether silence at a place can be believed.
  public func isSilent(_ place: Int) -> Bool { Int(undisturbed[place / SendLog.chunkSize]) >= tries }
}
