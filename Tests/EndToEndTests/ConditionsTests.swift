import Foundation
import Testing

extension EndToEnd {
  @Suite("Every condition of the rubric is found, and nothing else")
  struct ConditionsTests {
    @Test("A round's audit says what is true", arguments: Conditions.all)
    func truth(round: Conditions) async throws {
      let lab = try await Lab.start(
        "conditions-\(round.name)", inventory: round.inventory, faults: try round.faults())
      let ended = try await lab.run(
        "v6audit audit --inventory '\(round.inventory)' --output out \"${rubric[@]}\" \(round.options)")
      await lab.close()
      #expect(ended.status == 0, "\(ended.text)")
      let differences = round.differences(try ResultFiles(lab.room + "/out"))
      #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }
  }
}
