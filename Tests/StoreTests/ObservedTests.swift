import Foundation
import Observations
import Store
import Testing
import Wire

/// What was observed, beside what is declared.
@Suite struct ObservedTests {
  private func trait(_ address: String, _ value: String, _ first: Int64, _ last: Int64) throws
    -> ObservedTrait
  {
    ObservedTrait(
      try #require(IPAddress(address)), .linkName, value, source: "mdns",
      firstSeen: Timestamp(seconds: first),
      lastSeen: Timestamp(seconds: last))
  }

  private func all(_ store: Store, since seconds: Int64 = 0) throws -> [ObservedTrait] {
    var traits: [ObservedTrait] = []
    try store.eachObserved(since: Timestamp(seconds: seconds)) { traits.append($0) }
    return traits
  }

  @Test func whatIsSeenAgainWasSeenLonger() throws {
    let scratch = try Scratch()
    let store = try Store(path: scratch.path)
    try store.observe([try trait("2001:db8::1", "may-in", 10, 20), try trait("198.18.0.1", "may-in", 10, 10)])
    try store.observe([
      try trait("2001:db8::1", "may-in", 5, 12), try trait("2001:db8::1", "other\u{0}name", 30, 40),
    ])
    #expect(
      try all(store) == [
        trait("198.18.0.1", "may-in", 10, 10), trait("2001:db8::1", "may-in", 5, 20),
        trait("2001:db8::1", "other\u{0}name", 30, 40),
      ])
    #expect(try all(store, since: 21).map(\.lastSeen) == [Timestamp(seconds: 40)])
    #expect(try all(Store.openForReading(path: scratch.path)).count == 3)
  }
}
