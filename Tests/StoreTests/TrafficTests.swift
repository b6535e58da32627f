import Observations
import Store
import Testing
import Wire

/// What captures showed, kept as runs of their own kind.
@Suite struct TrafficTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store(path: scratch.path)
  }

  private func keep(_ id: String, from start: Int64, to end: Int64, _ seen: [(String, SeenTraffic)]) throws {
    var run = Run(
      id: id, toolVersion: "0.1.0", vantage: "tap", policy: "", startedAt: Timestamp(seconds: start))
    run.kind = .capture
    let writer = try store.begin(run, inventory: [])
    try writer.append(
      seen.enumerated().map { index, seen in
        Observation(
          sequence: index + 1, host: seen.0, at: seen.1.last, vantage: "tap", fact: .traffic(seen.1))
      })
    run.state = .complete
    run.finishedAt = Timestamp(seconds: end)
    try writer.finish(run, rows: [], manifest: [])
  }

  private func traffic(_ text: String, sent: UInt64, at last: Int64) throws -> SeenTraffic {
    SeenTraffic(
      address: try #require(IPAddress(text)), received: 1, sent: sent, first: Timestamp(seconds: last - 1),
      last: Timestamp(seconds: last))
  }

  @Test func saysHowLongEachHostWasSeen() throws {
    try keep("a", from: 100, to: 200, [("web", try traffic("192.0.2.1", sent: 3, at: 150))])
    try keep(
      "b", from: 150, to: 300,
      [
        ("web", try traffic("2001:db8::1", sent: 3, at: 290)),
        ("web", try traffic("192.0.2.1", sent: 0, at: 299)),
        ("mail", try traffic("2001:db8::2", sent: 1, at: 280)),
      ])
    try keep("c", from: 1000, to: 1100, [("web", try traffic("2001:db8::1", sent: 3, at: 1090))])
    let found = try store.traffic(since: Timestamp(seconds: 0))
    let web = try #require(found["web"])
    #expect(web.since == Timestamp(seconds: 100) && web.until == Timestamp(seconds: 1100))
    // 100–300 and 1000–1100.
    #expect(web.observed == Duration64(microseconds: 300_000_000))
    // What is only sent to a host is no traffic of it.
    #expect(web.lastIPv4 == Timestamp(seconds: 150) && web.lastIPv6 == Timestamp(seconds: 1090))
    #expect(found["mail"]?.lastIPv4 == nil && found["mail"]?.lastIPv6 == Timestamp(seconds: 280))
    let late = try store.traffic(since: Timestamp(seconds: 300))
    #expect(late.keys.sorted() == ["web"] && late["web"]?.lastIPv4 == nil)
  }

  @Test func capturesAreNoAudits() throws {
    try keep("a", from: 100, to: 200, [])
    #expect(try store.latestRun() == nil)
    #expect(try store.run("a")?.kind == .capture)
  }
}
