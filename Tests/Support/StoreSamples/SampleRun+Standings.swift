import Observations
import Readiness
import Store

extension SampleRun {
  /// What the run says of standings: each has a host of its own, so that one can tell whose word it is.
  package var update: StandingUpdate {
    let standings = (0..<3).map { index in
      Standing(
        host: "of-\(begun.id)", check: [CheckID.dnsLive, .reachEcho, .reachTCP][index], verdict: .pass,
        reason: .open,
        subject: "", observedAt: ended.finishedAt, run: begun.id, holds: true, since: ended.finishedAt,
        pendingRounds: 0, pendingSince: nil, overIPv4: nil)
    }
    let change = Change(
      host: "of-\(begun.id)", check: .reachTCP, holds: true, reason: .open, since: begun.startedAt,
      confirmedAt: ended.finishedAt, run: begun.id)
    return StandingUpdate(standings: standings, changes: [change])
  }

  /// Keeps it whole.
  package func keep(in store: Store) throws(StoreError) {
    let writer = try store.begin(begun, inventory: inventory)
    for batch in batches { try writer.append(batch) }
    try writer.finish(ended, rows: rows, manifest: manifest, update: update)
  }
}
