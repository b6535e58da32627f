import Testing

/// What a user types and what must come out, in networks where the truth is known.
///
/// One after the other: each test has a machine's two cores and the lab's clocks to itself. Tests that share a
/// lab start it at the first use; a lab that cannot be built fails them all.
@Suite("End to end", .serialized)
struct EndToEnd {}
