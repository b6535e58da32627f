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
      let known = try store.withDeclared { try $0.keys(of: .agencies) }
      let declaring = DeclaringRows(declaration, done: "imported")
      var notices: [InventoryProblem] = []
      let declared = try declaring.declare(in: store) { take in
        var failure: (any Error)?
        let summary: Importer.Summary
        do throws(InventoryErrors) {
          summary = try Importer.read(path, options, known: known) { row, silence in
            guard failure == nil else { return }
            do { try take(RowText(row), silence) } catch { failure = error }
          }
        } catch {
          throw declaring.refused(error)
        }
        if let failure { throw failure }
        notices = summary.notices
        return summary.whole
      }
      for notice in notices { Terminal.complain("note: \(notice)") }
      declaring.report(declared)
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
