import ArgumentParser
import Foundation
import Import
import Inventory
import Observations
import Reporting
import Store

extension InventoryCommand {
  /// `v6audit inventory import`: take rows over into the declared inventory.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract:
        "Take an inventory, a spreadsheet or another program's file over into the declared inventory.",
      discussion: """
        A directory with agencies.csv, hosts.csv and so on replaces these tables as a whole; anything else adds and \
        changes rows. All of it is taken or nothing; the same again changes nothing. What can mean one thing only in a \
        spreadsheet is taken for that, with a note. Every change is kept with who, when and from where: see inventory log.
        """)

    @Argument(help: ArgumentHelp("What to import: a directory or a file.", valueName: "path"))
    var path: String

    @OptionGroup var store: StoreOptions

    @Option(
      help: ArgumentHelp(
        "What it is: table (ours, or a spreadsheet's), netbox, hosts, zone, nmap, masscan. Default: what it looks like.",
        valueName: "format"))
    var format: ImportFormat?

    @Option(
      help: ArgumentHelp(
        "The agency of hosts of which the file does not say whose they are.", valueName: "id"))
    var agency: String?

    @Option(help: ArgumentHelp("The zone's name, where its file does not say it.", valueName: "name"))
    var origin: String?

    @Option(
      name: .customLong("column"),
      help: ArgumentHelp(
        "A column under another heading: --column 'Tên máy=host'. May be given several times.",
        valueName: "heading=column"))
    var columns: [String] = []

    @Flag(help: "Read our own form of table as leniently as a spreadsheet's.")
    var lenient = false

    @Flag(help: "Say what would change, row by row, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Who imports it. Default: the account's name.", valueName: "name"))
    var by: String?

    func run() throws {
      let options = try importOptions()
      let declaration = Declaration(by: by ?? Account.name, source: path, at: .now, isTrial: dryRun)
      do {
        try Self.declare(declaration, options, path, in: try Store(path: store.path))
      } catch let error as StoreError {
        throw CommandFailure(error.status, error)
      }
    }

    private func importOptions() throws -> ImportOptions {
      var options = ImportOptions()
      options.format = format
      options.agency = agency
      options.origin = origin ?? ""
      options.isLenient = lenient ? true : nil
      for column in columns {
        guard let equals = column.lastIndex(of: "="), equals > column.startIndex else {
          throw CommandFailure(
            .usage, "--column \(column): no column is named; write --column 'Tên máy=host'")
        }
        options.headings[String(column[..<equals])] = String(column[column.index(after: equals)...])
      }
      return options
    }

    /// Reads, writes and says what came of it.
    private static func declare(
      _ declaration: Declaration, _ options: ImportOptions, _ path: String, in store: Store
    ) throws {
      var summary: Importer.Summary?
      var refusal: CommandFailure?
      let known = try store.withDeclared { try $0.keys(of: .agencies) }
      do {
        let declared = try store.declare(
          declaration,
          rows: { take in
            var failure: (any Error)?
            do throws(InventoryErrors) {
              summary = try Importer.read(path, options, known: known) { row in
                guard failure == nil else { return }
                do { try take(RowText(row)) } catch { failure = error }
              }
            } catch {
              refusal = refused(error, "nothing was imported")
              throw error
            }
            if let failure { throw failure }
            return summary?.whole ?? []
          },
          change: { change in
            if declaration.isTrial { Terminal.print(RowChangeText(change).text) }
          },
          check: { inventory in
            do throws(InventoryErrors) {
              _ = try InventoryReader.stream(
                { file throws(FileFailure) in
                  do { return TableSource(bytes: try inventory.bytes(of: file)) } catch {
                    throw .system("\(error)")
                  }
                }, take: { _ in })
            } catch {
              refusal = refused(error, "in the inventory that would come of it; nothing was imported")
              throw error
            }
          })
        for notice in summary?.notices ?? [] { Terminal.complain("note: \(notice)") }
        report(declared, declaration)
      } catch {
        // The store tells of what it was thrown in its own words; these are better.
        throw refusal ?? error
      }
    }

    private static func refused(_ errors: InventoryErrors, _ where: String) -> CommandFailure {
      let count = errors.problems.count + errors.omitted
      return CommandFailure(.usage, "\(errors)\n\(count) problem\(count == 1 ? "" : "s"): \(`where`)")
    }

    private static func report(_ declared: Store.Declared, _ declaration: Declaration) {
      let counts = "\(declared.added) added, \(declared.changed) changed, \(declared.removed) removed"
      if declaration.isTrial {
        Terminal.complain("would be: \(counts); nothing was changed")
      } else if let revision = declared.revision {
        Terminal.complain("revision \(revision.number): \(counts)")
      } else {
        Terminal.complain("nothing to change: the declared inventory has all of it")
      }
    }
  }
}

extension ImportFormat: ExpressibleByArgument {}

/// The account that the program runs for.
enum Account {
  /// Its name: who called sudo, if somebody did.
  static var name: String {
    let environment = ProcessInfo.processInfo.environment
    if let name = environment["SUDO_USER"], !name.isEmpty { return name }
    return NSUserName()
  }
}

/// A change of a row as a line: `~ hosts web-01: addresses 2001:db8::1 → 2001:db8::2`.
struct RowChangeText {
  let text: String

  init(_ change: RowChange) {
    switch (change.before, change.after) {
    case (nil, let after?): text = "+ \(Self.name(after)): \(Self.cells(after.named))"
    case (let before?, nil): text = "- \(Self.name(before))"
    case (let before?, let after?):
      let old = Dictionary(before.named.map { ($0.column, $0.value) }) { first, _ in first }
      let new = Dictionary(after.named.map { ($0.column, $0.value) }) { first, _ in first }
      var columns = before.named.map(\.column)
      columns += after.named.map(\.column).filter { old[$0] == nil }
      let parts = columns.filter { old[$0] != new[$0] }.map { column in
        "\(column) \(Self.cell(old[column])) → \(Self.cell(new[column]))"
      }
      text = "~ \(Self.name(after)): \(parts.isEmpty ? "columns" : parts.joined(separator: "; "))"
    case (nil, nil): text = ""
    }
  }

  private static func name(_ row: RowText) -> String { "\(row.file.name.dropLast(4)) \(row.key)" }

  private static func cells(_ cells: [(column: String, value: String)]) -> String {
    // The first column is the key, as a rule.
    cells.dropFirst().map { "\($0.column) \(cell($0.value))" }.joined(separator: "; ")
  }

  private static func cell(_ value: String?) -> String {
    guard let value, !value.isEmpty else { return "(empty)" }
    return SafeText.printable(value)
  }
}
