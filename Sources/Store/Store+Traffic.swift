import Foundation
import GRDB
import Observations

/// What captures of a time showed of one host's traffic.
public struct TrafficHistory: Sendable, Hashable {
  /// When the first capture began that showed any packet of the host.
  public var since: Timestamp
  /// When the last such capture ended.
  public var until: Timestamp
  /// How long such captures lasted together, those that overlap counted once.
  public var observed: Duration64
  /// When the host was last seen to send over IPv4; `nil` if never.
  public var lastIPv4: Timestamp?
  /// When the host was last seen to send over IPv6; `nil` if never.
  public var lastIPv6: Timestamp?
}

extension Store {
  /// What captures showed of each host that ended after a moment, by the host's id. Hosts of which no packet was seen are
  /// left out: such a capture was made at a place they are not seen from.
  public func traffic(since moment: Timestamp) throws(StoreError) -> [String: TrafficHistory] {
    try read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT run.started_at, run.finished_at, observation.host, observation.fact FROM run
          JOIN observation ON observation.run = run.number
          WHERE run.kind = 'capture' AND run.state = 'complete' AND observation.kind = 'traffic'
            AND run.finished_at > ? AND run.number NOT IN leaving
          ORDER BY run.started_at, run.number, observation.sequence
          """,
        arguments: [moment.microseconds])
      let decoder = JSONDecoder()
      var found: [String: TrafficHistory] = [:]
      while let row = try rows.next() {
        let reader = RowReader(row: row, what: "the traffic of \(row[2] as String? ?? "?")")
        let started = Timestamp(microseconds: try reader.integer(0))
        let finished = Timestamp(microseconds: try reader.integer(1))
        let host = try reader.text(2)
        guard case .traffic(let seen) = try? decoder.decode(Fact.self, from: try reader.bytes(3)) else {
          throw UnreadableRow(what: reader.what, why: "no traffic")
        }
        found[host, default: TrafficHistory(since: started)].add(seen, from: started, to: finished)
      }
      return found
    }
  }
}

extension TrafficHistory {
  fileprivate init(since: Timestamp) {
    self.init(since: since, until: since, observed: Duration64(microseconds: 0))
  }

  /// Adds what one capture showed; they come in the order of their beginnings.
  fileprivate mutating func add(_ seen: SeenTraffic, from started: Timestamp, to finished: Timestamp) {
    let beginning = max(started, until)
    if finished > beginning {
      observed.microseconds += finished.microseconds - beginning.microseconds
      until = finished
    }
    guard seen.sent > 0 else { return }
    switch seen.address.family {
    case .ipv4: lastIPv4 = max(lastIPv4 ?? seen.last, seen.last)
    case .ipv6: lastIPv6 = max(lastIPv6 ?? seen.last, seen.last)
    }
  }
}
