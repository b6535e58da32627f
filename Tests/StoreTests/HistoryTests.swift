import Observations
import Readiness
import Store
import Testing

/// Which earlier rounds count, as of a run.
@Suite struct HistoryTests {
  let scratch: Scratch
  let store: Store
  static let now = Timestamp(seconds: 1_795_500_000)

  init() throws {
    scratch = try Scratch()
    store = try Store(path: scratch.path)
  }

  /// A run some days ago: the vantage's verdict, and a verdict of `reach.tcp` for each row of each host.
  private func keep(
    daysAgo: Int, vantage: Verdict = .pass, state: RunState = .complete, at place: String = "lab",
    _ hosts: [String: [Verdict]]
  ) throws {
    var run = Self.run(
      "\(daysAgo)-\(place)-\(vantage)-\(state)", at: Self.now.earlier(byDays: daysAgo), place)
    let writer = try store.begin(run, inventory: [])
    run.state = state
    let rows = hosts.sorted { $0.key < $1.key }.flatMap { host, verdicts in
      verdicts.flatMap { verdict in
        [CheckID.reachTCP, .dnsLive].map { check in
          // The other check says the opposite, and must not be asked.
          let told: Verdict = check == .reachTCP ? verdict : verdict == .pass ? .fail : .pass
          return CheckRow(host: host, check: check, subject: "", verdict: told, reason: .open)
        }
      }
    }
    let first = CheckRow(host: "", check: .vantageIPv6, subject: "", verdict: vantage, reason: .controlsAgree)
    try writer.finish(run, rows: [first] + rows, manifest: [])
  }

  private static func run(_ id: String, at moment: Timestamp, _ place: String = "lab") -> Run {
    Run(id: id, toolVersion: "0", vantage: place, policy: "2026-1", startedAt: moment)
  }

  private func rounds(_ host: String, days: Int = 7) throws -> [Int]? {
    let history = try store.history(before: Self.run("now", at: Self.now), days: days, trafficDays: 30)
    return history.rounds[host].map { rounds in
      [
        rounds.succeeded, rounds.total,
        Int((Self.now.microseconds - rounds.first.microseconds) / 86_400_000_000),
      ]
    }
  }

  @Test func allRowsOfARoundMustPass() throws {
    try keep(daysAgo: 3, ["a": [.pass, .pass], "b": [.pass, .fail], "c": [.fail]])
    try keep(daysAgo: 2, ["a": [.pass], "b": [.pass]])
    #expect(try rounds("a") == [2, 2, 3])
    #expect(try rounds("b") == [1, 2, 3])
    #expect(try rounds("c") == [0, 1, 3])
    #expect(try rounds("d") == nil)
  }

  @Test func whatMeasuredNothingDoesNotCount() throws {
    try keep(daysAgo: 3, ["a": [.pass, .unknown], "b": [.na], "c": [.exempt], "d": [.unknown, .fail]])
    try keep(daysAgo: 2, vantage: .fail, ["a": [.pass]])
    try keep(daysAgo: 2, vantage: .unknown, ["a": [.pass]])
    try keep(daysAgo: 2, state: .incomplete, ["a": [.pass]])
    try keep(daysAgo: 2, at: "elsewhere", ["a": [.pass]])
    #expect(try rounds("a") == nil && rounds("b") == nil && rounds("c") == nil)
    #expect(try rounds("d") == [0, 1, 3])
  }

  @Test func theWindowIsTheHoldTimeAndTheFirstRoundMayBeTwiceAsOld() throws {
    for days in [15, 13, 8, 6, 1] { try keep(daysAgo: days, ["a": [days == 6 ? .fail : .pass]]) }
    #expect(try rounds("a") == [1, 2, 13])
    #expect(try rounds("a", days: 1) == [1, 1, 1])
    #expect(try rounds("a", days: 30) == [4, 5, 15])
  }

  @Test func whatCameLaterIsNotHistory() throws {
    try keep(daysAgo: 2, ["a": [.pass]])
    let then = Self.run("then", at: Self.now.earlier(byDays: 4))
    #expect(try store.history(before: then, days: 7, trafficDays: 30).rounds.isEmpty)
    let own = Self.run("2-lab-pass-complete", at: Self.now.earlier(byDays: 2))
    #expect(try store.history(before: own, days: 7, trafficDays: 30).rounds.isEmpty)
  }
}
