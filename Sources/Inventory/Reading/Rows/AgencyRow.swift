extension InventoryLoader {
  /// Reads a row of `agencies.csv`.
  func readAgency(_ table: Table) {
    let id = declareRow(table, .agency)
    guard table.isWhole else { return }
    let parent = table.value(.parent, "parent", Identifier.read)
    if let parent {
      let position = table.position(.parent)
      _ = registry.refer(to: .agency, parent, from: table, at: position, noun: "parent")
      if let id { parents.add(from: id, to: parent, at: position) }
    }
    let agency = Agency(
      id: id ?? "", name: table.text(.name), kind: table.text(.kind), parent: parent,
      contact: table.text(.contact),
      declaredHundredths: table.value(.declaredPercent, "declared_percent", ScalarCells.percent),
      extra: table.extraCells)
    take(.agency(agency))
  }

  /// Declares the id of the current row, faulty or not, so that what refers to it is not complained about
  /// too; `nil` when there is none or it is a duplicate.
  func declareRow(_ table: Table, _ kind: Kind) -> String? {
    let column = kind.file.idColumn
    guard table.isWhole else {
      if let id = try? Identifier.read(table.bytes(column)) {
        _ = registry.declare(kind, id, line: table.row.start.line)
      } else {
        registry.markIncomplete(kind)
      }
      return nil
    }
    guard let id = table.value(column, kind.noun, Identifier.read) else {
      registry.tolerate(kind, table.text(column).trimmed.lowercased())
      return nil
    }
    let position = table.position(column)
    if let earlier = registry.declare(kind, id, line: position.line) {
      table.refuse(
        column, kind.noun,
        Complaint(
          "line \(earlier) has it already", "give each \(kind.noun) an id of its own, or delete one row"))
      return nil
    }
    return id
  }

  /// The agency a row belongs to; `nil` when it names none or a wrong one.
  func agency(of table: Table) -> String? {
    guard let id = table.value(.agency, "agency", Identifier.read) else { return nil }
    return registry.refer(to: .agency, id, from: table, at: table.position(.agency), noun: "agency")
  }
}
