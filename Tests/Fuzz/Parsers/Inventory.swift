import Inventory

extension FuzzParser {
  /// The files of an inventory one after another in their order, a zero byte between them.
  static let inventory = FuzzParser("inventory") { input throws(Violation) in
    let parts = input.split(separator: 0, omittingEmptySubsequences: false)
    var files: [InventoryFile: [UInt8]] = [:]
    for (file, part) in zip(InventoryFile.allCases, parts) where !part.isEmpty { files[file] = Array(part) }
    let inventory: Inventory
    do throws(InventoryErrors) {
      inventory = try InventoryReader.read(files: files).inventory
    } catch {
      try require(!error.problems.isEmpty, "refused without a reason")
      for problem in error.problems {
        try requirePrintable(problem.description)
        try require(problem.column >= 1 || problem.line == 0, "a problem nowhere: \(problem)")
      }
      return
    }
    let again = InventoryFile.allCases.map { ($0, InventoryWriter.bytes(of: $0, in: inventory)) }
    let read = try? InventoryReader.read(files: Dictionary(uniqueKeysWithValues: again))
    try require(read?.inventory == inventory, "written and read again it differs")
  }
}
