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
    var inventory = Inventory()
    let loader = InventoryLoader(knownChecks: knownChecks) { inventory.append($0) }
    let names: [String]
    do {
      names = try Directory.names(in: directory)
    } catch {
      loader.report.problem(file: directory, what: "directory", error.directoryComplaint)
      throw loader.report.errors
    }
    loader.noteMisnamedFiles(names)
    let notices = try loader.load { file throws(FileFailure) in
      TableSource(bytes: try FileBytes(path: directory + "/" + file.name))
    }
    inventory.sort()
    return ReadInventory(inventory: inventory, notices: notices)
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
    try read(knownChecks: knownChecks) { file throws(FileFailure) in
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
    var inventory = Inventory()
    let notices = try InventoryLoader(knownChecks: knownChecks) { inventory.append($0) }.load(open)
    inventory.sort()
    return ReadInventory(inventory: inventory, notices: notices)
  }

  /// Reads an inventory row by row: beside its ids and addresses, memory is bounded by one row.
  ///
  /// - Parameters:
  ///   - isWhole: `false` for a part of an inventory: what its rows refer to may be elsewhere, and `hosts.csv` as well.
  ///   - open: hands out the table of each file; throws `missing` where there is none.
  ///   - take: gets each row as it is read, in the order of the files. What it got means nothing if this throws.
  /// - Returns: the notices.
  package static func stream(
    knownChecks: [String] = CheckIDs.all, isWhole: Bool = true,
    _ open: (InventoryFile) throws(FileFailure) -> TableSource, take: @escaping (InventoryRow) -> Void
  ) throws(InventoryErrors) -> [InventoryProblem] {
    try InventoryLoader(knownChecks: knownChecks, isWhole: isWhole, keep: take).load(open)
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

extension Inventory {
  /// Puts each list in the order of its id.
  fileprivate mutating func sort() {
    agencies.sortUnlessSorted { $0.id < $1.id }
    systems.sortUnlessSorted { $0.id < $1.id }
    hosts.sortUnlessSorted { $0.id < $1.id }
    prefixes.sortUnlessSorted { $0.prefix < $1.prefix }
    zones.sortUnlessSorted { $0.name < $1.name }
    waivers.sortUnlessSorted {
      ($0.subject, $0.check ?? "", $0.expires) < ($1.subject, $1.check ?? "", $1.expires)
    }
  }
}

extension Array {
  /// Sorts by moving indices: rows are wide, and most files are in order already.
  fileprivate mutating func sortUnlessSorted(by precedes: (Element, Element) -> Bool) {
    if zip(self, dropFirst()).allSatisfy({ !precedes($1, $0) }) { return }
    self = indices.sorted { precedes(self[$0], self[$1]) }.map { self[$0] }
  }
}
