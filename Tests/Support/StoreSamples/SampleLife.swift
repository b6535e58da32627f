import Observations
import Readiness
import SeededRandom
import Store

/// Some days of a daemon in short: rounds of two kinds over a few hosts that now and then fail.
package struct SampleLife {
  /// When the first round begins; it is a whole day.
  package static let start = Timestamp(seconds: 1_795_478_400)
  /// After the last one.
  package let end: Timestamp
  package let runs: [(run: Run, rows: [CheckRow])]

  /// - Parameters:
  ///   - rounds: one an hour, every eighth a full one.
  ///   - big: which of them, by place, have 4,201 rows, more than one step of tidying takes.
  package init(rounds: Int, hosts: Int, big: Set<Int> = []) {
    var random = SplitMix64(seed: UInt64(rounds))
    runs = (0..<rounds).map { index in
      var run = Run(
        id: "20261124T\(String(index + 1_000_000).dropFirst())Z-life", toolVersion: "0.1.0", vantage: "lab",
        policy: "2026-1", startedAt: Self.moment(index))
      run.round = index % 8 == 0 ? .full : .reach
      run.isRetest = index % 11 == 5
      var rows = [
        CheckRow(host: "", check: .vantageIPv6, subject: "", verdict: .pass, reason: .controlsAgree)
      ]
      for host in 0..<(big.contains(index) ? 2100 : hosts) {
        for check in [CheckID.reachEcho, .reachTCP] {
          rows.append(
            CheckRow(
              host: "host-\(host)", check: check, subject: "2001:db8::1",
              verdict: random.below(5) == 0 ? .fail : .pass, reason: .open))
        }
      }
      return (run, rows)
    }
    end = Self.moment(rounds)
  }

  private static func moment(_ index: Int) -> Timestamp {
    Timestamp(microseconds: start.microseconds + Int64(index) * 3_600_000_000)
  }

  /// Keeps all of it, a change with every fourth round.
  package func keep(in store: Store) throws(StoreError) {
    for (index, (run, rows)) in runs.enumerated() {
      let writer = try store.begin(
        run, inventory: [StoredFile(name: "hosts.csv", bytes: Array("\(index / 5)".utf8))])
      var ended = run
      ended.state = .complete
      ended.finishedAt = Timestamp(microseconds: run.startedAt.microseconds + 60_000_000)
      try writer.append(
        (0..<40).map { place in
          Observation(
            sequence: place + 1, host: "host-\(place)", at: run.startedAt, vantage: "lab",
            fact: SampleFacts.ordinary[place % SampleFacts.ordinary.count])
        })
      let change = Change(
        host: "host-1", check: .reachTCP, holds: true, reason: .open, since: run.startedAt,
        confirmedAt: ended.finishedAt, run: run.id)
      try writer.finish(
        ended, rows: rows, manifest: Array(run.id.utf8),
        update: StandingUpdate(changes: index % 4 == 0 ? [change] : []))
    }
  }

  /// Lets most of it go: all but the last few hours, and changes and hours of the first day too.
  package var retention: Retention {
    Retention(full: 6 * 3600, rounds: 3 * 3600, hourly: 2 * 86_400, changes: 86_400, latest: 2)
  }
}
