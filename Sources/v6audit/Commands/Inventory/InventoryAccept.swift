import ArgumentParser
import Discovery
import Inventory
import Observations
import Store

extension InventoryCommand {
  /// `v6audit inventory accept`: take what was observed over, as far as a person says so.
  struct Accept: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "accept",
      abstract: "Take chosen differences over into the declared inventory.",
      discussion: """
        What is chosen is named by the subject that inventory diff gives: the id of a host. Rows that are proposed are \
        added, and addresses, names and interfaces that were seen are added to the host's. What a person has to decide \
        by hand is not touched. It is one revision, kept with who and when: see inventory log.
        """)

    @Argument(help: ArgumentHelp("Which: subjects of inventory diff.", valueName: "subject"))
    var subjects: [String] = []

    @OptionGroup var wanted: DifferenceOptions

    @Flag(help: "All that can be accepted, of the kinds that --only names.")
    var all = false

    @Option(
      help: ArgumentHelp("The agency of hosts in no prefix that is registered to one.", valueName: "id"))
    var agency: String?

    @Flag(help: "Take declared addresses away that were not seen, although others of their host were.")
    var dropMissing = false

    @Flag(help: "Say what would change, row by row, and change nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Who accepts it. Default: the account's name.", valueName: "name"))
    var by: String?

    func validate() throws {
      guard all == subjects.isEmpty else {
        throw ValidationError("name subjects of inventory diff, or --all")
      }
    }

    func run() throws {
      do {
        let store = try Store(path: wanted.observed.store.path)
        let inventory = try wanted.observed.declared(in: store)
        let differences = try wanted.differences(inventory, in: store)
        let chosen = all ? differences.filter(\.isAcceptable) : try pick(differences)
        let acceptance = Acceptance(chosen, in: inventory, agency: agency, dropsMissing: dropMissing)
        guard acceptance.withoutAgency.isEmpty else {
          throw CommandFailure(
            .usage,
            "\(acceptance.withoutAgency.joined(separator: " ")): no registered prefix says whose they are; "
              + "name the agency with --agency, or register their prefixes")
        }
        let declaration = Declaration(
          by: by ?? Account.name, source: "what was observed", at: .now, isTrial: dryRun)
        let declaring = DeclaringRows(declaration, done: "accepted")
        declaring.report(
          try declaring.declare(in: store) { take in
            for host in acceptance.rows { try take(RowText(.host(host)), .nothing) }
            return []
          })
      } catch let error as StoreError {
        throw CommandFailure(error.status, error)
      }
    }

    private func pick(_ differences: [Reconciliation.Difference]) throws -> [Reconciliation.Difference] {
      for subject in subjects {
        let about = differences.filter { $0.subject == subject }
        if about.isEmpty {
          throw CommandFailure(.usage, "\(subject): there is no difference about it; see inventory diff")
        }
        if !about.contains(where: \.isAcceptable) {
          throw CommandFailure(
            .usage,
            "\(subject): \(about.map(\.kind.rawValue).joined(separator: ", ")): what was seen does not say what the row "
              + "should be; change it in the files and import them")
        }
      }
      let chosen = Set(subjects)
      return differences.filter { chosen.contains($0.subject) && $0.isAcceptable }
    }
  }
}
