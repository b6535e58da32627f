/// One page of a list.
struct Page<Item: Encodable & Sendable>: Encodable, Sendable {
  /// The items, in the order of the whole.
  var items: [Item]
  /// Where the next page is; absent on the last.
  var next: String?
}

extension Page {
  /// The items of `all` behind the cursor, as many as are asked for. `all` is in ascending order of `id`.
  init<Whole>(
    of all: [Whole], id: (Whole) -> String, _ query: Query, where matches: (Whole) -> Bool = { _ in true },
    _ document: (Whole) -> Item
  ) throws(Problem) {
    let limit = try query.limit
    let start = try query.cursor.map { cursor in all.firstPlace { id($0) > cursor } } ?? 0
    var last = ""
    items = []
    for whole in all[start...] where matches(whole) {
      if items.count == limit {
        // Only now is it known that there is more.
        next = query.next(after: last)
        return
      }
      items.append(document(whole))
      last = id(whole)
    }
  }
}

extension Array {
  /// The first place where `holds` is true, which it stays from there on.
  func firstPlace(_ holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The element with this id, in an array in ascending order of it.
  func element<ID: Comparable>(_ id: ID, by path: (Element) -> ID) -> Element? {
    let place = firstPlace { path($0) >= id }
    return place < count && path(self[place]) == id ? self[place] : nil
  }
}
