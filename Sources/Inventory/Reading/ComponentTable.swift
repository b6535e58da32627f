/// The components of all systems: what the first host that plays each said about it.
struct ComponentTable {
  private struct Key: Hashable {
    var system: String
    var component: String
  }

  private struct Entry {
    var component: Component
    var position: CSVPosition
    var count: Int
  }

  private var entries: [Key: Entry] = [:]

  /// Adds a host that plays a component; what is wrong if an earlier host said something else about it.
  mutating func add(_ component: Component, of system: String, at position: CSVPosition) -> Complaint? {
    let key = Key(system: system, component: component.name)
    guard let entry = entries[key] else {
      entries[key] = Entry(component: component, position: position, count: 1)
      return nil
    }
    entries[key]?.count += 1
    if entry.component == component { return nil }
    return Complaint(
      "line \(entry.position.line) has \(entry.component) for the same component of \(system)",
      "write it alike for every host of the component")
  }

  /// Points at components that have another number of hosts than declared.
  func reportCounts(to report: Report) {
    for (key, entry) in entries {
      guard let total = entry.component.total, total != entry.count else { continue }
      report.notice(
        .hosts, at: entry.position, what: "component \"\(entry.component)\"",
        Complaint(
          "\(key.system) has \(entry.count) of these, not \(total)",
          "declare every host of the component, or mend the number"))
    }
  }
}
