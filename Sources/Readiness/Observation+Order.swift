import Observations

extension Observation {
  /// Whether it was made before another: of several of one thing the latest counts, of two at the same moment the later
  /// in sequence.
  func isBefore(_ other: Observation) -> Bool { (at, sequence) < (other.at, other.sequence) }
}

extension Sequence<Observation> {
  /// The observations in the order they were made.
  var inOrder: [Observation] { sorted { $0.isBefore($1) } }
}
