import Readiness

/// Which rows are asked for.
struct CheckFilter: Sendable {
  var host: String?
  var check: CheckID?
  var verdict: Verdict?

  /// Whether rows of few hosts may be wanted.
  var needsIndex: Bool { host == nil && (check != nil || verdict != nil) }

  func matches(_ row: CheckRow) -> Bool {
    (check == nil || row.check == check) && (verdict == nil || row.verdict == verdict)
  }
}

/// The place of a row: its host, and its place among the host's.
struct CheckPlace: Sendable {
  var host: String
  var row: Int

  init(host: String, row: Int) { (self.host, self.row) = (host, row) }

  /// Reads what a cursor holds. Of a text that is none of ours the best is made: it is a place all the same.
  init(_ text: String) {
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    host = String(parts[0])
    row = parts.count > 1 ? Int(parts[1]) ?? -1 : -1
  }

  /// What a cursor holds.
  var text: String { "\(host),\(row)" }
}

/// For each check and verdict the hosts with such a row: ten thousand hosts have a quarter of a million rows, and nobody
/// should walk through them all to learn that none fails.
struct CheckIndex: Sendable {
  /// By place in the judgement, ascending.
  private let places: [Key: [Int32]]

  private struct Key: Hashable {
    var check: CheckID
    var verdict: Verdict
  }

  init(_ judgement: Judgement) {
    var places: [Key: [Int32]] = [:]
    for (place, verdict) in judgement.hosts.enumerated() {
      for row in verdict.rows {
        let key = Key(check: row.check, verdict: row.verdict)
        if places[key]?.last != Int32(place) { places[key, default: []].append(Int32(place)) }
      }
    }
    self.places = places
  }

  /// The places, from `start` on, of the hosts with a row of this check and verdict, ascending.
  func hosts(_ check: CheckID?, _ verdict: Verdict?, from start: Int) -> [Int] {
    let lists = places.filter { key, _ in
      (check == nil || key.check == check) && (verdict == nil || key.verdict == verdict)
    }.values
    return Set(lists.joined()).map(Int.init).filter { $0 >= start }.sorted()
  }
}

extension Judgement {
  /// The rows behind a place, the vantage's first, at most `limit`; and the last one's place where there are more.
  ///
  /// - Parameter index: the judgement's own; not needed without a filter by check or verdict.
  func rows(
    _ filter: CheckFilter, after place: CheckPlace?, limit: Int, index: CheckIndex?
  ) -> (rows: [CheckRow], last: CheckPlace?) {
    var found: [CheckRow] = []
    var last = CheckPlace(host: "", row: 0)
    if place == nil, filter.host == nil, filter.matches(vantage) { found.append(vantage) }
    for number in candidates(filter, from: place?.host ?? "", index) {
      let host = hosts[number]
      for (number, row) in host.rows.enumerated() where filter.matches(row) {
        if let place, host.host.id == place.host, number <= place.row { continue }
        if found.count == limit { return (found, last) }
        found.append(row)
        last = CheckPlace(host: host.host.id, row: number)
      }
    }
    return (found, nil)
  }

  /// The places of the hosts from `first` on that may have such a row, ascending.
  private func candidates(_ filter: CheckFilter, from first: String, _ index: CheckIndex?) -> [Int] {
    let start = hosts.firstPlace { $0.host.id >= first }
    if let host = filter.host {
      let place = hosts.firstPlace { $0.host.id >= host }
      return place < hosts.count && hosts[place].host.id == host && place >= start ? [place] : []
    }
    guard filter.needsIndex, let index else { return Array(start..<hosts.count) }
    return index.hosts(filter.check, filter.verdict, from: start)
  }
}

/// The index of the newest picture, made when it is first needed.
actor CheckIndexes {
  private var newest: (generation: UInt64, index: Task<CheckIndex, Never>)?

  func index(of picture: DashboardPicture) async -> CheckIndex {
    if let newest, newest.generation == picture.generation { return await newest.index.value }
    let index = Task.detached { CheckIndex(picture.judgement) }
    newest = (picture.generation, index)
    return await index.value
  }
}
