/// References between things of one kind, which must not lead in a circle.
struct ReferenceGraph {
  /// How much of a circle a complaint shows.
  private static let longestPath = 12

  private struct Edge {
    var target: String
    var position: CSVPosition
  }

  private var edges: [String: [Edge]] = [:]
  /// The sources in the order of the file.
  private var sources: [String] = []

  mutating func add(from source: String, to target: String, at position: CSVPosition) {
    if edges[source] == nil { sources.append(source) }
    edges[source, default: []].append(Edge(target: target, position: position))
  }

  /// Complains about each circle once: at the reference of the thing in it that comes first in the file.
  func reportCycles(of column: Column, in file: InventoryFile, to report: Report) {
    var isDone: Set<String> = []
    for source in sources where !isDone.contains(source) {
      walk(from: source, isDone: &isDone) { cycle in
        let first = cycle.indices.min { cycle[$0].position < cycle[$1].position } ?? 0
        let turned = cycle[first...] + cycle[..<first]
        var ids = turned.prefix(Self.longestPath).map(\.source)
        ids += turned.count > Self.longestPath ? ["…", turned[first].source] : [turned[first].source]
        let path = ids.joined(separator: " → ")
        report.problem(
          file, at: turned[first].position, what: "\(column.name) \(quoted(turned[first].target))",
          Complaint("it leads in a circle: \(path)", "delete one of these references"))
      }
    }
  }

  /// A depth-first walk with a stack of its own: a chain may be longer than the thread's stack is deep.
  private func walk(
    from start: String, isDone: inout Set<String>,
    found: ([(source: String, target: String, position: CSVPosition)]) -> Void
  ) {
    var path: [(id: String, next: Int)] = [(start, 0)]
    var depths = [start: 0]
    while let (id, next) = path.last {
      guard let outgoing = edges[id], next < outgoing.count else {
        path.removeLast()
        depths[id] = nil
        isDone.insert(id)
        continue
      }
      path[path.count - 1].next += 1
      let target = outgoing[next].target
      if let depth = depths[target] {
        found(
          path[depth...].compactMap { step in
            // Each step's edge is the one before its next.
            edges[step.id].map { (step.id, $0[step.next - 1].target, $0[step.next - 1].position) }
          })
      } else if !isDone.contains(target) {
        depths[target] = path.count
        path.append((target, 0))
      }
    }
  }
}
