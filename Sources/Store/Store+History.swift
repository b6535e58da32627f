import GRDB
import Observations
import Readiness

extension Store {
  /// How earlier rounds went, as of `run`: complete runs from the same vantage that began before it, in which IPv6
  /// worked there, second looks left out. A host's round succeeded when its rows of `reach.tcp` all passed, failed when
  /// one failed, and does not count otherwise.
  ///
  /// It reads the check rows of the runs of the last `2 * days` days, and the roll-ups of those that were let go.
  ///
  /// What captures showed of traffic is added to it, counted as watched for as long as they lasted together.
  ///
  /// - Parameters:
  ///   - days: the policy's hold time.
  ///   - trafficDays: how long traffic matters.
  public func history(before run: Run, days: Int, trafficDays: Int) throws(StoreError) -> History {
    var history = try rounds(before: run, days: days)
    for (host, seen) in try traffic(since: run.startedAt.earlier(byDays: 2 * trafficDays)) {
      history.traffic[host] = History.Traffic(
        observedSince: Timestamp(microseconds: seen.until.microseconds - seen.observed.microseconds),
        lastIPv4Flow: seen.lastIPv4)
    }
    return history
  }

  private func rounds(before run: Run, days: Int) throws(StoreError) -> History {
    let end = run.startedAt
    let arguments: StatementArguments = [
      run.vantage, end.microseconds, run.id, end.earlier(byDays: 2 * days).microseconds,
      end.earlier(byDays: days).microseconds,
    ]
    return try read { db in
      var history = History()
      // Rows of a run that is being let go count until they are in the roll-ups.
      let rows = try Row.fetchCursor(
        db,
        sql: """
          WITH usable AS (
            SELECT number, finished_at FROM run
            WHERE state = 'complete' AND is_retest = 0 AND vantage = ?1 AND started_at < ?2 AND id <> ?3
              AND finished_at >= ?4 AND EXISTS (
                SELECT 1 FROM check_row WHERE run = run.number AND ordinal = 1 AND host = ''
                  AND check_id = 'vantage.ipv6' AND verdict = 'pass')
          ), round AS (
            SELECT check_row.host AS host, usable.finished_at AS at,
              max(check_row.verdict = 'fail') AS failed,
              min(check_row.verdict IN ('pass', 'fail')) AS measured
            FROM usable JOIN check_row ON check_row.run = usable.number
            WHERE check_row.check_id = 'reach.tcp'
            GROUP BY check_row.host, usable.number
          )
          SELECT host, sum(at >= ?5 AND NOT failed), sum(at >= ?5), min(at) FROM round
          WHERE failed OR measured GROUP BY host
          """, arguments: arguments)
      while let row = try rows.next() {
        let reader = RowReader(row: row, what: "history")
        history.rounds[try reader.text(0)] = History.Rounds(
          succeeded: Int(try reader.integer(1)), total: Int(try reader.integer(2)),
          first: Timestamp(microseconds: try reader.integer(3)))
      }
      try addPastRounds(before: run, days: days, to: &history, from: db)
      return history
    }
  }

  private func addPastRounds(
    before run: Run, days: Int, to history: inout History, from db: Database
  ) throws {
    let window = run.startedAt.earlier(byDays: days).microseconds
    let past = try PastRounds(
      vantage: run.vantage, where: "has_ipv6 = 1 AND started_at < ? AND id <> ? AND finished_at >= ?",
      [run.startedAt.microseconds, run.id, run.startedAt.earlier(byDays: 2 * days).microseconds], from: db)
    for kind in past.kinds {
      let rows = try RollUpRow.cursor(
        vantage: run.vantage, round: kind, check: .reachTCP, host: nil, from: db)
      while let row = try rows.next().map(RollUpRow.init) {
        guard let found = row.rounds(endingAt: past.ends(kind, from: row.first, to: row.last), window: window)
        else { continue }
        history.rounds[row.host, default: History.Rounds(succeeded: 0, total: 0, first: found.first)].add(
          found)
      }
    }
  }
}

extension RollUpRow {
  /// What it adds to a history; `nil` if nothing.
  ///
  /// - Parameters:
  ///   - ends: when those of its rounds ended that count.
  ///   - window: from when on they count for more than the first.
  fileprivate func rounds(endingAt ends: some Sequence<Int64>, window: Int64) -> History.Rounds? {
    var (first, inside, all) = (Int64.max, 0, 0)
    for end in ends {
      first = min(first, end)
      if end >= window { inside += 1 }
      all += 1
    }
    guard all > 0, outcome != "unknown" else { return nil }
    let beginning = Timestamp(microseconds: first)
    guard let counts else {
      return History.Rounds(succeeded: outcome == "passed" ? inside : 0, total: inside, first: beginning)
    }
    // Of a day that went differently from round to round only sums are left: it lies in the window or it does not.
    guard counts.passed + counts.failed > 0 else { return nil }
    guard inside == all else { return History.Rounds(succeeded: 0, total: 0, first: beginning) }
    return History.Rounds(
      succeeded: counts.passed, total: counts.passed + counts.failed, first: beginning)
  }
}

extension History.Rounds {
  fileprivate mutating func add(_ other: History.Rounds) {
    succeeded += other.succeeded
    total += other.total
    first = min(first, other.first)
  }
}
