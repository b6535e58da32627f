import Observations
import Readiness
import Store

/// A store of made-up runs.
public enum SampleStore {
  /// Writes runs to a store that is made at `path`; each confirms two changes.
  ///
  /// - Throws: `StoreError`.
  public static func write(runs count: Int, to path: String) throws(StoreError) {
    let store = try Store(path: path)
    for number in 0..<count {
      let start = Timestamp(seconds: SampleCity.now.microseconds / 1_000_000 + Int64(number) * 3600)
      var run = Run(
        id: id(number), toolVersion: "1.0.0", vantage: "lab", policy: "2026-1-lab", startedAt: start)
      run.round = number % 4 == 0 ? .full : .reach
      let writer = try store.begin(run, inventory: [])
      run.state = .complete
      run.finishedAt = Timestamp(seconds: start.microseconds / 1_000_000 + 60)
      run.counters.packetsSent = UInt64(number) * 100
      let changes = (0..<2).map { place in
        Change(
          host: "host-0000\(place)", check: .reachTCP, holds: number % 2 == 0, reason: .open, since: start,
          confirmedAt: run.finishedAt, run: run.id)
      }
      try writer.finish(run, manifest: [], update: StandingUpdate(changes: changes))
    }
  }

  /// The id of a run.
  public static func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "20261124T030829Z-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
