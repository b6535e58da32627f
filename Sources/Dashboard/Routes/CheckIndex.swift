import Readiness

/// Which rows are asked for.
struct CheckFilter: Sendable {
  var host: String?
  var check: CheckID?
  var verdict: Verdict?

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

/// Finds rows without a walk through all of them: ten thousand hosts have a quarter of a million.
struct CheckIndex: Sendable {
  private let judgement: Judgement
  /// For each check and verdict the hosts with such a row, by place in the judgement.
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
    (self.judgement, self.places) = (judgement, places)
  }

  /// The rows behind a place, the vantage's first, at most `limit`; and the last one's place where there are more.
  func rows(
    _ filter: CheckFilter, after place: CheckPlace?, limit: Int
  ) -> (rows: [CheckRow], last: CheckPlace?) {
    var found: [CheckRow] = []
    var last = CheckPlace(host: "", row: 0)
    if place == nil, filter.host == nil, filter.matches(judgement.vantage) { found.append(judgement.vantage) }
    for index in hosts(filter, from: place?.host ?? "") {
      let host = judgement.hosts[index]
      for (number, row) in host.rows.enumerated() where filter.matches(row) {
        if let place, host.host.id == place.host, number <= place.row { continue }
        if found.count == limit { return (found, last) }
        found.append(row)
        last = CheckPlace(host: host.host.id, row: number)
      }
    }
    return (found, nil)
  }

  /// The places of the hosts from `first` on that can have a row, ascending.
  private func hosts(_ filter: CheckFilter, from first: String) -> [Int] {
    let start = judgement.hosts.firstPlace { $0.host.id >= first }
    if let host = filter.host {
      let place = judgement.hosts.firstPlace { $0.host.id >= host }
      let isThere = place < judgement.hosts.count && judgement.hosts[place].host.id == host && place >= start
      return isThere ? [place] : []
    }
    guard filter.check != nil || filter.verdict != nil else { return Array(start..<judgement.hosts.count) }
    let lists = places.filter {
      (filter.check == nil || $0.key.check == filter.check)
        && (filter.verdict == nil || $0.key.verdict == filter.verdict)
    }.values
    if lists.count == 1, let list = lists.first {
      return list[list.firstPlace { $0 >= start }...].map(Int.init)
    }
    var isThere = [Bool](repeating: false, count: judgement.hosts.count)
    for list in lists {
      for place in list[list.firstPlace({ $0 >= start })...] { isThere[Int(place)] = true }
    }
    return isThere.indices.filter { isThere[$0] }
  }
}

/// The index of the newest picture, made when it is first asked for.
actor CheckIndexes {
  private var newest: (generation: UInt64, index: Task<CheckIndex, Never>)?

  func index(of picture: DashboardPicture) async -> CheckIndex {
    if let newest, newest.generation == picture.generation { return await newest.index.value }
    let index = Task.detached { CheckIndex(picture.judgement) }
    newest = (picture.generation, index)
    return await index.value
  }
}
