import Foundation
import Testing

/// The seeds that are run: 10,000, or as many as `V6AUDIT_SEEDS` says. A seed that failed is run alone with
/// `V6AUDIT_SEED`.
enum Seeds {
  private static let environment = ProcessInfo.processInfo.environment
  private static let count = environment["V6AUDIT_SEEDS"].flatMap { UInt64($0) } ?? 10_000
  private static let only = environment["V6AUDIT_SEED"].flatMap { UInt64($0) }

  /// They are run in so many parts side by side.
  static let parts = 0..<16

  /// Runs the seeds of a part, each in a world of its own.
  ///
  /// - Parameter complaints: what does not hold in the world of a seed.
  static func run(_ part: Int, _ complaints: (UInt64) -> [String]) {
    for seed in of(part) {
      let complaints = complaints(seed)
      #expect(complaints.isEmpty, "seed \(seed): \(complaints.prefix(5))")
    }
  }

  /// The seeds of a part.
  private static func of(_ part: Int) -> Range<UInt64> {
    if let only { return part == 0 ? only..<only + 1 : 0..<0 }
    return count * UInt64(part) / 16..<count * UInt64(part + 1) / 16
  }
}
