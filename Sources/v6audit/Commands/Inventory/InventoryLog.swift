import ArgumentParser
import Inventory
import Reporting
import Store

extension InventoryCommand {
  /// `v6audit inventory log`: what was changed, when and by whom.
  struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "log",
      abstract: "Say what was changed in the declared inventory, when, by whom and from where.",
      discussion: "Without an id every revision in a line; with one the life of what is called so.")

    @Argument(help: ArgumentHelp("The id of a host, system or agency, a prefix or a zone.", valueName: "id"))
    var id: String?

    @OptionGroup var store: StoreOptions

    func run() throws {
      do throws(StoreError) {
        let store = try Store.openForReading(path: store.path)
        if let id {
          let life = try store.life(of: id)
          if life.isEmpty {
            throw StoreError.unreadable(
              path: store.path, what: "inventory", why: "nothing was ever called \(id)")
          }
          for step in life {
            Terminal.print("\(Self.line(step.revision))\n  \(RowChangeText(step.change).text)")
          }
        } else {
          for revision in try store.revisions() {
            Terminal.print(
              "\(Self.line(revision)): \(revision.added) added, \(revision.changed) changed, \(revision.removed) removed"
            )
          }
        }
      } catch {
        throw CommandFailure(error.status, error)
      }
    }

    private static func line(_ revision: Revision) -> String {
      "\(revision.number)  \(revision.at.text)  \(SafeText.printable(revision.by))  \(SafeText.printable(revision.source))"
    }
  }

  /// `v6audit inventory list`: what is declared, for people.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the declared hosts, or another table of the inventory.")

    @Argument(
      help: ArgumentHelp(
        "Which table: agencies, systems, hosts, prefixes, zones or waivers.", valueName: "table"))
    var table = "hosts"

    @Option(help: ArgumentHelp("Only rows of this agency.", valueName: "id"))
    var agency: String?

    @OptionGroup var store: StoreOptions

    func run() throws {
      guard let file = InventoryFile.allCases.first(where: { $0.name == table + ".csv" }) else {
        let names = InventoryFile.allCases.map { String($0.name.dropLast(4)) }.joined(separator: ", ")
        throw CommandFailure(.usage, "table \(table): there is none; write one of \(names)")
      }
      do throws(StoreError) {
        let store = try Store.openForReading(path: store.path)
        var rows: [[String]] = []
        try store.withDeclared { inventory in
          try inventory.forEachRow(of: file) { row in
            let cells = row.named
            if let agency, !cells.contains(where: { $0.column == "agency" && $0.value == agency }) { return }
            rows.append([
              row.key,
              cells.dropFirst().map { "\($0.column) \(SafeText.printable($0.value))" }.joined(
                separator: "; "),
            ])
          }
        }
        for line in Columns.lines(rows, indent: 0) { Terminal.print(line) }
      } catch {
        throw CommandFailure(error.status, error)
      }
    }
  }
}
