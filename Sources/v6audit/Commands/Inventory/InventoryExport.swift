import ArgumentParser
import Foundation
import Import
import Inventory
import Observations
import Readiness
import Reporting
import Store
import Wire

extension InventoryCommand {
  /// `v6audit inventory export`: write the declared inventory as files.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract:
        "Write the declared inventory as the six files that an import reads, for NetBox, or as a map.",
      discussion: """
        The same inventory gives the same bytes. Files that are there are replaced, each in one step, when all are \
        written; others in the directory are left alone. With --format html one page for a browser: agencies, systems and \
        hosts and where each stands by the latest run, and how much of each prefix is in use. With --format netbox tables \
        that NetBox 4.3 imports, to be given to it in this order: tenant-groups, tenants, sites, prefixes, \
        virtual-machines, vm-interfaces, ip-addresses, services.
        """)

    /// What is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
      case csv, netbox, html
    }

    @OptionGroup var store: StoreOptions

    @Option(
      help: ArgumentHelp(
        "The directory to write into, which is made if need be; of html the file.", valueName: "path"))
    var output: String

    @Option(help: "csv, netbox or html. Default: csv.")
    var format = Format.csv

    @Option(help: "The language of the map: vi or en. Default: vi.")
    var lang = Language.vi

    @Option(help: ArgumentHelp("As it was in this revision. Default: as it is.", valueName: "number"))
    var revision: Int64?

    func run() throws {
      do {
        let store = try Store.openForReading(path: store.path)
        if format == .html { return try writeMap(store) }
        try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        if format == .netbox {
          let tables = NetBoxTables(try DeclaredInventoryReading.read(store, as: revision))
          let files = try tables.files.map { try NewFile($0.bytes, at: "\(output)/\($0.name)") }
          for file in files { try file.show() }
          return
        }
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

    /// The map: of what is declared, or where nothing is, of what the latest run measured.
    private func writeMap(_ store: Store) throws {
      let latest = try revision == nil && store.latestRun() != nil ? StoredRun(nil, in: store.path) : nil
      var inventory = try DeclaredInventoryReading.read(store, as: revision)
      if inventory.agencies.isEmpty, let latest { inventory = latest.inventory }
      var seen: Set<IPAddress> = []
      try store.eachObserved(since: Timestamp(microseconds: 0)) { trait in
        if [.present, .interface, .service].contains(trait.kind) { seen.insert(trait.address) }
      }
      let map = CityMap(
        inventory, judgement: latest?.results.judgement, seen: seen, language: lang,
        made: latest?.results.run.finishedAt ?? .now)
      let file = try NewFile(map.html, at: output)
      try file.show()
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

  init(_ bytes: [UInt8], at path: String) throws {
    self.path = path
    try Data(bytes).write(to: URL(fileURLWithPath: path + ".partial"))
  }

  /// Gives it its name.
  func show() throws {
    guard rename(partial, path) == 0 else {
      throw CommandFailure(.usage, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}
