import Foundation

@testable import Inventory

/// The files beside these tests.
enum TestData {
  /// The path of something in this directory.
  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(name).path
  }

  /// The names of the cases in `invalid` or `valid`.
  static func cases(in directory: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path(directory))) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The bytes of the files of one case.
  static func files(of directory: String) throws -> [InventoryFile: [UInt8]] {
    var files: [InventoryFile: [UInt8]] = [:]
    for file in InventoryFile.allCases {
      let path = path("\(directory)/\(file.name)")
      guard FileManager.default.fileExists(atPath: path) else { continue }
      files[file] = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    return files
  }

  /// Reads with every piece of input one byte long, so that each boundary falls everywhere once.
  static func readByteByByte(_ files: [InventoryFile: [UInt8]]) throws(InventoryErrors) -> ReadInventory {
    try InventoryReader.read(files: files, knownChecks: CheckIDs.all, step: 1)
  }

  /// Reads one `hosts.csv`.
  static func read(hosts: String) throws(InventoryErrors) -> ReadInventory {
    try InventoryReader.read(files: [.hosts: Array(hosts.utf8)])
  }

  /// All six files of an inventory as the writer has them.
  static func written(_ inventory: Inventory) -> [InventoryFile: [UInt8]] {
    Dictionary(
      InventoryFile.allCases.map { ($0, InventoryWriter.bytes(of: $0, in: inventory)) },
      uniquingKeysWith: { first, _ in first })
  }
}
