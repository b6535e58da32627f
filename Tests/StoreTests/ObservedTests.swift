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

  @Test func whatWasNotSeenForLongIsLetGo() throws {
    let scratch = try Scratch()
    let store = try Store(path: scratch.path)
    let day: Int64 = 86_400
    // More than one step of tidying.
    try store.observe(
      (0..<9000).map { number in
        ObservedTrait(
          IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: UInt64(number)), .present, source: "test",
          firstSeen: Timestamp(seconds: 0), lastSeen: Timestamp(seconds: number % 9 == 0 ? 400 * day : day))
      })
    _ = try store.tidy(Retention(observed: UInt64(30 * day)), now: Timestamp(seconds: 20 * day))
    #expect(try all(store).count == 9000)
    // A store in which no round ended has no clock of its own to hold against the wall's.
    _ = try store.tidy(Retention(observed: UInt64(30 * day)), now: Timestamp(seconds: 401 * day))
    #expect(try all(store).count == 1000)
  }
}
