/// What a row that comes in says nothing of: there, what is declared stays.
public enum RowSilence: Sendable, Hashable {
  /// It is the whole row: an empty cell is empty.
  case nothing
  /// It has no such columns of those that are known, by their places, nor any that are not known.
  case columns([Int])
  /// An empty cell says nothing, as in what another program lists.
  case emptyCells
}

extension RowText {
  /// The row with what is declared where it says nothing.
  public func keeping(_ silence: RowSilence, of declared: RowText) -> RowText {
    guard silence != .nothing else { return self }
    var row = self
    var cells = CSVOutput.cells(of: cells)
    for (place, value) in CSVOutput.cells(of: declared.cells).enumerated() where place < cells.count {
      switch silence {
      case .nothing: break
      case .columns(let places): if places.contains(place) { cells[place] = value }
      case .emptyCells: if cells[place].isEmpty { cells[place] = value }
      }
    }
    row.cells = CSVOutput.line(cells)
    // Columns that are not known: those of the row, behind those that only the declared one has.
    var names = CSVOutput.cells(of: declared.extraNames)
    var values = CSVOutput.cells(of: declared.extraCells)
    for (name, value) in zip(CSVOutput.cells(of: extraNames), CSVOutput.cells(of: extraCells)) {
      if let place = names.firstIndex(of: name) {
        values[place] = value
      } else {
        names.append(name)
        values.append(value)
      }
    }
    (row.extraNames, row.extraCells) = (CSVOutput.line(names), CSVOutput.line(values))
    return row
  }
}
