import Foundation
import Testing

extension EndToEnd {
  /// `V6AUDIT_RUNS=20` audits each network that often, every second time with 1 % of all packets lost.
  @Suite("Every condition of the rubric is found, and nothing else")
  struct ConditionsTests {
    static let runs = ProcessInfo.processInfo.environment["V6AUDIT_RUNS"].flatMap(Int.init) ?? 1

    @Test("A round's audit says what is true", arguments: Conditions.all, 1...runs)
    func truth(round: Conditions, run: Int) async throws {
      let loss = run % 2 == 0 ? ["vantage,lossy:1"] : []
      let lab = try await Lab.start(
        "conditions-\(round.name)-\(run)", inventory: round.inventory, faults: try round.faults() + loss)
      let ended = try await lab.run(
        "v6audit audit --inventory '\(round.inventory)' --output out \"${rubric[@]}\" \(round.options)")
      await lab.close()
      #expect(ended.status == 0, "\(ended.text)")
      let differences = round.differences(try ResultFiles(lab.room + "/out"))
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }
  }
}
