import GRDB
import Observations
import Readiness

/// How many rounds of a period said what of one check of one host.
public struct RollUp: Sendable, Hashable {
  /// A length of time; both begin by UTC.
  public enum Period: Sendable, Hashable, CaseIterable {
    /// An hour.
    case hour
    /// A day.
    case day

    var seconds: Int64 {
      switch self {
      case .hour: 3600
      case .day: 86_400
      }
    }
  }

  /// Numbers of rounds.
  public struct Counts: Sendable, Hashable {
    /// Rounds in which every row of the check passed.
    public var passed: Int
    /// Rounds in which one failed.
    public var failed: Int
    /// Rounds that could not tell. Those in which the check did not apply count nowhere.
    public var unknown: Int

    /// Numbers of rounds; by default none.
    public init(passed: Int = 0, failed: Int = 0, unknown: Int = 0) {
      (self.passed, self.failed, self.unknown) = (passed, failed, unknown)
    }

    mutating func add(_ outcome: String, _ rounds: Int = 1) {
      switch outcome {
      case "passed": passed += rounds
      case "failed": failed += rounds
      default: unknown += rounds
      }
    }

    mutating func add(_ other: Counts) {
      passed += other.passed
      failed += other.failed
      unknown += other.unknown
    }
  }

  /// When the period begins.
  public let start: Timestamp
  /// What its rounds said.
  public let counts: Counts
}

extension Store {
  /// How the complete rounds that ended in a time went for one check of one host, by period, the earliest first; second
  /// looks left out. Periods without a round are missing.
  ///
  /// Days that are further back than `Retention.hourly` and went differently from round to round are left out by hour.
  ///
  /// - Parameter times: from the first moment to before the last.
  public func rollUps(
    by period: RollUp.Period, vantage: String, host: String, check: CheckID, in times: Range<Timestamp>
  ) throws(StoreError) -> [RollUp] {
    let bounds: StatementArguments = [times.lowerBound.microseconds, times.upperBound.microseconds]
    return try read { db in
      var found: [Timestamp: RollUp.Counts] = [:]
      func start(of end: Int64) -> Timestamp { Timestamp(microseconds: end).beginning(of: period) }
      let past = try PastRounds(
        vantage: vantage, where: "finished_at >= ? AND finished_at < ?", bounds, from: db)
      for kind in past.kinds {
        let rows = try RollUpRow.cursor(vantage: vantage, round: kind, check: check, host: host, from: db)
        while let row = try rows.next().map(RollUpRow.init) {
          let ends = past.ends(kind, from: row.first, to: row.last)
          if let counts = row.counts {
            guard period == .day, let end = ends.first(where: { _ in true }) else { continue }
            found[start(of: end), default: RollUp.Counts()].add(counts)
          } else {
            for end in ends { found[start(of: end), default: RollUp.Counts()].add(row.outcome) }
          }
        }
      }
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT finished_at, \(RollUpRow.outcome)
          FROM run JOIN check_row INDEXED BY check_row_by_host ON run = number AND host = ?
          WHERE state = 'complete' AND kind = 'audit' AND is_retest = 0 AND vantage = ? AND check_id = ?
            AND finished_at >= ? AND finished_at < ?
          GROUP BY number HAVING \(RollUpRow.isAsked)
          """, arguments: [host, vantage, check.rawValue] + bounds)
      while let row = try rows.next() {
        let reader = RowReader(row: row, what: "rows of \(host)")
        found[start(of: try reader.integer(0)), default: RollUp.Counts()].add(try reader.text(1))
      }
      return found.sorted { $0.key < $1.key }.map { RollUp(start: $0.key, counts: $0.value) }
    }
  }
}
