import ArgumentParser
import Foundation
import Inventory
import Store

extension InventoryCommand {
  /// `v6audit inventory export`: write the declared inventory as files.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Write the declared inventory as the six files that an import reads.",
      discussion: """
        The same inventory gives the same bytes. Files that are there are replaced, each in one step, when all are \
        written; others in the directory are left alone.
        """)

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The directory to write into. It is made if need be.", valueName: "dir"))
    var output: String

    @Option(help: ArgumentHelp("As it was in this revision. Default: as it is.", valueName: "number"))
    var revision: Int64?

    func run() throws {
      do {
        let store = try Store.openForReading(path: store.path)
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        let files = try store.withDeclared(as: revision) { inventory in
          try InventoryFile.allCases.map { try NewFile($0, of: inventory, in: output) }
        }
        for file in files { try file.show() }
      } catch let error as StoreError {
        throw CommandFailure(error.status, error)
      } catch let error as CocoaError {
        throw CommandFailure(.usage, "\(output): cannot be written: \(error.localizedDescription)")
      }
    }
  }
}

/// A file beside its place until it is whole.
private struct NewFile {
  let path: String
  private var partial: String { path + ".partial" }

  init(_ file: InventoryFile, of inventory: DeclaredInventory, in directory: String) throws {
    path = "\(directory)/\(file.name)"
    _ = FileManager.default.createFile(atPath: partial, contents: nil)
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
    defer { try? handle.close() }
    let source = try inventory.bytes(of: file)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try source.read(into: &buffer, from: 0)
      if count == 0 { break }
      try handle.write(contentsOf: buffer[..<count])
    }
    try handle.synchronize()
  }

  /// Gives it its name.
  func show() throws {
    guard rename(partial, path) == 0 else {
      throw CommandFailure(.usage, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}
