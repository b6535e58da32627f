import GRDB
import Observations
import Readiness

extension Store {
  /// How earlier rounds went, as of `run`: complete runs from the same vantage that began before it, in which IPv6
  /// worked there, second looks left out. A host's round succeeded when its rows of `reach.tcp` all passed, failed when one failed, and does
  /// not count otherwise.
  ///
  /// One query for the rounds. It reads the check rows of the runs of the last `2 * days` days.
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
      let rows = try Row.fetchCursor(
        db,
        sql: """
          WITH usable AS (
            SELECT number, finished_at FROM run
            WHERE state = 'complete' AND is_retest = 0 AND vantage = ?1 AND started_at < ?2 AND id <> ?3 AND finished_at >= ?4
              AND EXISTS (
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
      var history = History()
      while let row = try rows.next() {
        let reader = RowReader(row: row, what: "history")
        history.rounds[try reader.text(0)] = History.Rounds(
          succeeded: Int(try reader.integer(1)), total: Int(try reader.integer(2)),
          first: Timestamp(microseconds: try reader.integer(3)))
      }
      return history
    }
  }
}
