import GRDB
import Observations

/// Tells how old what is in the store is, by the wall clock and with doubt in it.
///
/// A wall clock that jumps years ahead would make everything too old at once. So a pause, in which no round ended, counts
/// as 30 days however long it was by the clock. After a jump things go as after a month without the daemon; and who had
/// it off for a year keeps for as much longer what was there, while nothing was added.
struct RetentionClock {
  private struct Pause {
    /// When a round ended again.
    var end: Int64
    /// By how much it was longer than it counts.
    var excess: Int64
  }

  private let now: Timestamp
  /// Those that were too long, the latest first.
  private let pauses: [Pause]

  /// What a pause counts at most, in microseconds.
  private static let longest: Int64 = 30 * 86_400 * 1_000_000

  /// - Parameter now: what the wall clock says. Rounds that ended later, by a clock that has gone back since, tell nothing.
  init(_ now: Timestamp, in db: Database) throws {
    // Past rounds come out of their index in order, so that memory stays flat.
    let ends = try Int64.fetchCursor(
      db,
      sql: """
        SELECT finished_at FROM past_round WHERE finished_at BETWEEN 0 AND ?1
        UNION ALL SELECT finished_at FROM run
          WHERE state <> 'running' AND kind = 'audit' AND finished_at BETWEEN 0 AND ?1
        ORDER BY 1
        """, arguments: [now.microseconds])
    var pauses: [Pause] = []
    var last: Int64?
    func note(_ end: Int64) {
      if let last, end - last > Self.longest {
        pauses.append(Pause(end: end, excess: end - last - Self.longest))
      }
      last = end
    }
    while let end = try ends.next() { note(end) }
    note(now.microseconds)
    self.now = now
    self.pauses = pauses.reversed()
  }

  /// The moment since when so many seconds count.
  func earlier(by seconds: UInt64) -> Timestamp {
    var moment = now.earlier(by: seconds).microseconds
    for pause in pauses {
      guard moment < pause.end - Self.longest else { break }
      moment -= pause.excess
    }
    return Timestamp(microseconds: moment)
  }
}
