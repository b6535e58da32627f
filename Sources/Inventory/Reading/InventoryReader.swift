/// Reads inventories: all of it, or everything that is wrong with it.
public enum InventoryReader {
  /// Reads the inventory whose files are in `directory`.
  ///
  /// Files are read as streams: beside the inventory itself, memory is bounded by its ids and one row.
  ///
  /// - Parameters:
  ///   - directory: a path. Only `hosts.csv` must be there.
  ///   - knownChecks: the check ids that a waiver may name.
  /// - Throws: `InventoryErrors` with every problem of every file.
  public static func read(
    directory: String, knownChecks: [String] = CheckIDs.all
  ) throws(InventoryErrors) -> ReadInventory {
    let loader = InventoryLoader(knownChecks: knownChecks)
    let names: [String]
    do {
      names = try Directory.names(in: directory)
    } catch {
      loader.report.problem(file: directory, what: "directory", error.directoryComplaint)
      throw loader.report.errors
    }
    loader.noteMisnamedFiles(names)
    return try loader.load { file throws(FileFailure) in
      TableSource(bytes: try FileBytes(path: directory + "/" + file.name))
    }
  }

  /// Reads an inventory whose files are in memory.
  ///
  /// - Parameters:
  ///   - files: the bytes of each file there is.
  ///   - knownChecks: the check ids that a waiver may name.
  /// - Throws: `InventoryErrors` with every problem of every file.
  public static func read(
    files: [InventoryFile: [UInt8]], knownChecks: [String] = CheckIDs.all
  ) throws(InventoryErrors) -> ReadInventory {
    try read(files: files, knownChecks: knownChecks, step: .max)
  }

  /// Reads from memory in pieces of `step` bytes.
  static func read(
    files: [InventoryFile: [UInt8]], knownChecks: [String], step: Int
  ) throws(InventoryErrors) -> ReadInventory {
    try InventoryLoader(knownChecks: knownChecks).load { file throws(FileFailure) in
      guard let bytes = files[file] else { throw .missing }
      return TableSource(bytes: MemoryBytes(bytes, step: step))
    }
  }

  /// Reads an inventory whose tables come from elsewhere.
  ///
  /// - Parameter open: hands out the table of each file; throws `missing` where there is none.
  package static func read(
    knownChecks: [String] = CheckIDs.all, _ open: (InventoryFile) throws(FileFailure) -> TableSource
  ) throws(InventoryErrors) -> ReadInventory {
    try InventoryLoader(knownChecks: knownChecks).load(open)
  }
}

/// An inventory without a fault, and what is worth a look all the same.
public struct ReadInventory: Sendable, Hashable {
  /// The inventory, every list in ascending order of its id.
  public let inventory: Inventory
  /// What may be as it should be, but often is not: a shared address, a column that nearly has a known name.
  /// In the order of the files; at most `InventoryErrors.limitPerFile`.
  public let notices: [InventoryProblem]
}
