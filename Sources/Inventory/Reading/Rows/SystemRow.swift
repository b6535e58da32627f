extension InventoryLoader {
  /// Reads a row of `systems.csv`.
  func readSystem(_ table: Table) {
    let id = declareRow(table, .system)
    guard table.isWhole else { return }
    var dependsOn: [String] = []
    table.forEachItem(.dependsOn, "depends_on") { item throws(Complaint) in
      let other = try Identifier.read(item.bytes)
      guard other != id else {
        throw Complaint("a system cannot depend on itself", "delete it from its own list")
      }
      guard !dependsOn.contains(other) else { throw .listedTwice }
      let position = table.position(.dependsOn, of: item)
      dependsOn.append(
        registry.refer(to: .system, other, from: table, at: position, noun: "depends_on"))
      if let id { dependencies.add(from: id, to: other, at: position) }
    }
    let system = System(
      id: id ?? "", name: table.text(.name), agency: agency(of: table) ?? "",
      kind: table.value(.kind, "kind", ScalarCells.word) ?? .other,
      importance: table.value(.importance, "class", ScalarCells.importance) ?? 2, dependsOn: dependsOn,
      extra: table.extraCells)
    take(.system(system))
  }
}

extension Complaint {
  /// A list that holds an item twice.
  static let listedTwice = Complaint("the list has it already", "delete one of them")
}
