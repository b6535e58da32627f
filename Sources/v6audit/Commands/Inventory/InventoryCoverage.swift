import ArgumentParser
import Audit
import Discovery
import Inventory
import Observations
import PacketIO
import Readiness
import Reporting
import Store
import Wire

extension InventoryCommand {
  /// `v6audit inventory coverage`: which agencies are on the network.
  struct CoverageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "coverage",
      abstract: "Say which agencies and sites are on the network over IPv6, and what says so.",
      discussion: """
        For each site: the prefixes that are registered for it, a route to them in this machine's tables or in those of a router that was asked, its \
        hosts that answered over IPv6 in the latest run, addresses that were seen, and the systems \
        among them. connected: somebody answered or spoke; routed: there is a way of its own; registered: a prefix and \
        no more; none. What is odd about the plan of prefixes goes to stderr.
        """)

    @OptionGroup var observed: ObservedOptions

    @Option(
      help: ArgumentHelp(
        "The inventory in this directory. Default: what the store declares.", valueName: "dir"))
    var inventory: String?

    @Option(help: "table or csv. Default: table on a terminal, else csv.")
    var format: TableFormat?

    func run() throws {
      do {
        let store = try Store.openForReading(path: observed.store.path)
        let declared =
          try inventory.map { try LoadedInventory(directory: $0).inventory } ?? observed.declared(in: store)
        // A name says that somebody wrote it down, and not that anybody is there.
        let traits = try observed.traits(in: store)
        let seen = Set(traits.filter { [.present, .interface, .service].contains($0.kind) }.map(\.address))
        let ways = try ways() + ObservedHosts(traits.filter { $0.kind == .route }).ways
        let coverage = Coverage(declared, ways: ways, up: try up(in: store), seen: seen)
        TableFormat.show(CoverageTable(coverage).table, as: format)
        for finding in PrefixPlan(declared).findings { Terminal.complain("note: \(finding)") }
      } catch let error as StoreError {
        throw CommandFailure(error.status, error)
      }
    }

    private func ways() throws -> [Coverage.Way] {
      do throws(PacketIOError) {
        return try KnownRoute.all(.ipv6).map { route in
          let gateway = route.gateway.map { "via \($0) " } ?? ""
          return Coverage.Way(route.destination, "route \(gateway)on \(route.interface)")
        }
      } catch {
        let error = AuditError.packets(error)
        throw CommandFailure(error.status, error)
      }
    }

    /// The hosts that answered over IPv6 in the latest run; none where there is no run.
    private func up(in store: Store) throws -> Set<String> {
      guard let run = try store.latestRun() else { return [] }
      let rows = try store.checkRows(run: run.id)
      return Set(rows.filter { $0.check == .reachTCP && $0.verdict == .pass }.map(\.host))
    }
  }
}
