extension InventoryLoader {
  /// Reads a row of `zones.csv`.
  func readZone(_ table: Table) {
    guard table.isWhole else { return }
    let agency = agency(of: table)
    guard let name = table.value(.zone, "zone", NameCell.read) else { return }
    let line = table.row.start.line
    if let earlier = zoneLines.updateValue(line, forKey: name) {
      zoneLines[name] = earlier
      table.refuse(.zone, "zone", Complaint("line \(earlier) has it already", "delete one of the rows"))
    }
    take(.zone(Zone(name: name, agency: agency ?? "", extra: table.extraCells)))
  }
}
