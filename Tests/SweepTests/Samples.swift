import Observations
import Probing
import Wire

/// Findings of every kind.
enum Samples {
  static let target = IPAddress("2001:db8::1")!
  static let router = IPAddress("2001:db8:ffff::fe")!

  static func finding(
    _ outcome: SweepFinding.Outcome, _ target: IPAddress = target, hopLimit: UInt8? = nil, attempt: UInt8 = 0
  ) -> SweepFinding {
    SweepFinding(place: 7, target: target, outcome: outcome, hopLimit: hopLimit, attempt: attempt)
  }

  static let answered = finding(.answered, hopLimit: 64, attempt: 1)
  static let rejected = finding(
    .rejected(Rejection(type: 1, code: 1, source: router)), hopLimit: 255, attempt: 2)
  static let silent = finding(.silent)
}
