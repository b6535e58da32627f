/// How far a sender had come in a round at some moment.
public struct SweepMark: Sendable {
  /// What it had sent to.
  let share: SweepPosition.Share
  /// When.
  let log: SendLog
  /// The moment, in nanoseconds.
  let time: UInt64
}
