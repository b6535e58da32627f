import ArgumentParser
import Inventory

/// `v6audit inventory`: what is declared.
struct InventoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inventory", abstract: "Work with the declared inventory.",
    subcommands: [
      Check.self, Import.self, Export.self, List.self, Log.self, Diff.self, Accept.self, CoverageCommand.self,
    ])

  /// `v6audit inventory check`: every faulty row at once.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: "Check an inventory's files and report every faulty row at once.",
      discussion:
        "Each problem is one line: file:line:column: what: why; remedy. Exit code 2 if there is any.")

    @Argument(help: ArgumentHelp("The directory with the inventory's CSV files.", valueName: "dir"))
    var directory: String

    func run() throws {
      do {
        let read = try InventoryReader.read(directory: directory)
        for notice in read.notices { Terminal.complain("note: \(notice)") }
        let inventory = read.inventory
        Terminal.print(
          "\(directory): \(inventory.agencies.count) agencies, \(inventory.systems.count) systems, "
            + "\(inventory.hosts.count) hosts, \(inventory.prefixes.count) prefixes, "
            + "\(inventory.zones.count) zones, \(inventory.waivers.count) waivers: no problem found")
      } catch {
        for problem in error.problems { Terminal.print(problem.description) }
        let count = error.problems.count + error.omitted
        throw CommandFailure(.usage, "\(directory): \(count) problem\(count == 1 ? "" : "s")")
      }
    }
  }
}
