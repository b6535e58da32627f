import ArgumentParser
import Discovery
import Foundation
import Inventory
import Observations
import Store

/// What was observed in a time, and what is declared.
struct ObservedOptions: ParsableArguments {
  @OptionGroup var store: StoreOptions

  @Option(help: ArgumentHelp("What was seen in so many days counts. Default: 90.", valueName: "days"))
  var days = 90

  func validate() throws {
    guard (1...36_500).contains(days) else { throw ValidationError("--days \(days): give 1 to 36500") }
  }

  /// The declared inventory that is in the store.
  func declared(in store: Store) throws -> Inventory { try DeclaredInventoryReading.read(store) }

  /// What was observed in that time.
  func traits(in store: Store) throws -> [ObservedTrait] {
    var traits: [ObservedTrait] = []
    let first = Timestamp(microseconds: Timestamp.now.microseconds - Int64(days) * 86_400_000_000)
    try store.eachObserved(since: first) { traits.append($0) }
    return traits
  }
}

/// Differences between the two.
struct DifferenceOptions: ParsableArguments {
  @OptionGroup var observed: ObservedOptions

  @Option(
    name: .customLong("only"), parsing: .singleValue,
    help: ArgumentHelp(
      "Differences of this kind: undeclared, never-seen, addresses, interface, names, shared, outside, unregistered. "
        + "Repeatable.", valueName: "kind"))
  var kinds: [Reconciliation.Difference.Kind] = []

  /// What is declared beside what was observed, of the kinds that are asked for.
  func differences(_ inventory: Inventory, in store: Store) throws -> [Reconciliation.Difference] {
    let traits = try observed.traits(in: store)
    if traits.isEmpty {
      throw CommandFailure(
        .cannotMeasure,
        "\(store.path): nothing was observed in \(observed.days) days; begin with: v6audit discover --db FILE"
      )
    }
    let hosts = ObservedHosts(traits)
    return Reconciliation(inventory, observed: hosts.hosts, isNoise: { hosts.temporary.contains($0) })
      .differences.filter { kinds.isEmpty || kinds.contains($0.kind) }
  }
}

extension Reconciliation.Difference.Kind: ExpressibleByArgument {}

extension InventoryCommand {
  /// `v6audit inventory diff`: what is declared beside what was observed.
  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diff",
      abstract: "Put what is declared beside what was observed, and change nothing.",
      discussion: """
        Hosts that were seen and are not declared, with the row that would declare them; hosts that nobody saw; other \
        addresses, names and interfaces than declared; addresses outside the prefixes of their agency; prefixes that are \
        used and registered to nobody. Exit code 1 if there is any difference, 3 if nothing was observed.
        """)

    @OptionGroup var wanted: DifferenceOptions

    @Option(
      help: ArgumentHelp(
        "Compare with the inventory in this directory. Default: what the store declares.", valueName: "dir"))
    var inventory: String?

    @Option(help: "table or csv. Default: table on a terminal, else csv.")
    var format: TableFormat?

    func run() throws {
      do {
        let store = try Store.openForReading(path: wanted.observed.store.path)
        let declared =
          try inventory.map { try LoadedInventory(directory: $0).inventory }
          ?? wanted.observed.declared(in: store)
        let differences = try wanted.differences(declared, in: store)
        TableFormat.show(DifferencesTable(differences).table, as: format)
        if !differences.isEmpty {
          throw CommandFailure(.notMet, "\(differences.count) difference\(differences.count == 1 ? "" : "s")")
        }
      } catch let error as StoreError {
        throw CommandFailure(error.status, error)
      }
    }
  }
}
