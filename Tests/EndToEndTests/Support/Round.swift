import Foundation
import Testing

/// The small inventory with one round of faults: a lab, and one audit of it with a capture beside it.
struct Round: Sendable {
  let lab: Lab
  /// How the audit ended.
  let audit: Ended

  static let first = Task { try await Round("1") }
  static let second = Task { try await Round("2") }

  /// The round of this number. Both audits mostly wait for silent addresses: they do so at the same time.
  static func numbered(_ number: String) async throws -> Round {
    let both = (first, second)
    return try await (number == "1" ? both.0 : both.1).value
  }

  /// The folder of the result files.
  var output: String { lab.room + "/out" }
  /// What was on the vantage's wire during the audit.
  var capture: String { lab.room + "/audit.pcapng" }

  func results() throws -> ResultFiles { try ResultFiles(output) }

  private init(_ number: String) async throws {
    lab = try await Lab.start("round-\(number)", inventory: Room.small, faults: Truth.faults(number))
    audit = try await lab.run(
      Capture.beside("audit", "v6audit audit --inventory '\(Room.small)' --output out \"${lab[@]}\""))
  }
}
