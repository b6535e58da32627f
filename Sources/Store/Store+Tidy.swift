import GRDB
import Observations

extension Store {
  /// Lets go of what is older than `retention` says, after adding it to the roll-ups, and gives the space back.
  ///
  /// It takes as many short transactions as it needs, so that nobody waits for long and memory stays flat. Whenever it
  /// is cut off, whatever is asked of the store has the same answer as before or as after, and the next call goes on.
  ///
  /// What stays whatever its age: a run under way, the last complete run of each kind, and the latest full ones.
  ///
  /// - Parameter now: what the wall clock says. A jump of it does not make everything old: see `RetentionClock`.
  /// - Returns: what is gone, also what a call before had begun with.
  /// - Throws: `diskFull` where there is no room for the log of a single step.
  public func tidy(_ retention: Retention = Retention(), now: Timestamp) throws(StoreError) -> TidyReport {
    var report = TidyReport()
    let clock = try read { try RetentionClock(now, in: $0) }
    while let number = try write({ try LeavingRow.next(retention, clock, in: $0) }) {
      var removed: String?
      while removed == nil { removed = try write { try LeavingRow.step(number, in: $0) } }
      if let removed { report.removed.append(removed) }
    }
    while try write({ try DayMerge.step(before: clock.earlier(by: retention.hourly).day, in: $0) }) {}
    var isDone = false
    while !isDone {
      let rounds = try write {
        try PastRoundRow.remove(before: clock.earlier(by: retention.daily).day, in: $0)
      }
      report.rounds += rounds ?? 0
      isDone = rounds == 0
    }
    var changes = 1
    while changes > 0 {
      changes = try write { try ChangeRow.remove(before: clock.earlier(by: retention.changes), in: $0) }
      report.changes += changes
    }
    var forgotten = 1
    while forgotten > 0 {
      forgotten = try write { try ObservedRow.remove(before: clock.earlier(by: retention.observed), in: $0) }
    }
    var freed: Int64 = 1
    while freed > 0 {
      freed = try write { try FreeSpace.giveBack(in: $0) }
      report.freed += freed
    }
    return report
  }
}

/// How many rows one transaction of tidying touches, about.
enum TidyStep {
  static let rows = 4000
}

/// Pages that hold nothing.
private enum FreeSpace {
  /// Gives some of them back to the file system, and says how many bytes. A sixteenth of the file is left for the next
  /// round, which would only have to ask for it again.
  static func giveBack(in db: Database) throws -> Int64 {
    let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
    let free = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
    let surplus = min(free - max(256, pages / 16), 1000)
    guard surplus > 0 else { return 0 }
    try db.execute(sql: "PRAGMA incremental_vacuum(\(surplus))")
    let left = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? pages
    let pageSize = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
    return (pages - left) * pageSize
  }
}

extension Timestamp {
  /// The moment so many seconds earlier, at most some 30,000 years: whoever says more means never.
  func earlier(by seconds: UInt64) -> Timestamp {
    Timestamp(microseconds: microseconds - Int64(min(seconds, 1_000_000_000_000)) * 1_000_000)
  }

  /// The beginning of its day, by UTC.
  var day: Timestamp { beginning(of: .day) }

  /// The beginning of the period it lies in, by UTC.
  func beginning(of period: RollUp.Period) -> Timestamp {
    let length = period.seconds * 1_000_000
    let rest = microseconds % length
    return Timestamp(microseconds: microseconds - (rest < 0 ? rest + length : rest))
  }
}
