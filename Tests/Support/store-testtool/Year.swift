import Glibc
import Observations
import Readiness
import SeededRandom
import Store
import StoreSamples

/// The rounds of some hosts at the default pace: everything once a day, addresses and ports every quarter of an hour,
/// names every hour, services every six, what is open once a day. It is tidied every hour.
///
/// Each hundredth host is out of order for hours now and then, each hundredth answers one round in two. Of the rounds
/// that will be gone at the end only a few observations are kept: they make no difference then, and a year comes to
/// its end sooner.
func year(_ path: String, hosts: Int, days: Int) throws(StoreError) {
  let store = try Store(path: path)
  var random = SplitMix64(seed: 1)
  let names = (0..<hosts).map { "agency-\($0 % 40)-system-host-\($0)" }
  let start: Int64 = 1_795_478_400
  var largest = 0
  for quarter in 0..<96 * days {
    let now = Timestamp(seconds: start + Int64(quarter) * 900)
    let isLate = quarter > 96 * (days - 5)
    var kinds: [RoundKind] = [.reach]
    if quarter % 4 == 1 { kinds.append(.names) }
    if quarter % 24 == 2 { kinds.append(.services) }
    if quarter % 96 == 3 { kinds.append(.exposure) }
    if quarter % 96 == 7 { kinds.append(.full) }
    for kind in kinds {
      try keepRound(kind, "\(quarter)-\(kind)", at: now, names, isLate: isLate, &random, in: store)
    }
    largest = max(largest, bytes(path))
    if quarter % 4 == 3 { _ = try store.tidy(now: now) }
    if quarter % (96 * 30) == 96 * 30 - 1 {
      say("day \(quarter / 96 + 1): \(bytes(path)) bytes, peak \(peakKiB()) KiB")
    }
  }
  let began = ContinuousClock.now
  let report = try store.tidy(now: Timestamp(seconds: start + Int64(days) * 86_400))
  say("last tidy: \(report.removed.count) runs in \(ContinuousClock.now - began)")
  let asking = Run(
    id: "now", toolVersion: "0", vantage: "lab", policy: "",
    startedAt: Timestamp(seconds: start + Int64(days) * 86_400))
  let asked = ContinuousClock.now
  let history = try store.history(before: asking, days: 7, trafficDays: 30)
  say("history of \(history.rounds.count) hosts in \(ContinuousClock.now - asked)")
  say("end: \(bytes(path)) bytes, at most \(largest), peak memory \(peakKiB()) KiB")
}

private func keepRound(
  _ kind: RoundKind, _ id: String, at now: Timestamp, _ names: [String], isLate: Bool,
  _ random: inout SplitMix64, in store: Store
) throws(StoreError) {
  var run = Run(id: id, toolVersion: "0.1.0", vantage: "lab", policy: "2026-1", startedAt: now)
  run.round = kind
  // So many observations a host as an audit of a laboratory made: 38 in all, ten for addresses and ports.
  let observations = [.full: 38, .reach: 10, .names: 9, .services: 12, .exposure: 8][kind] ?? 0
  let writer = try store.begin(
    run, inventory: [StoredFile(name: "hosts.csv", bytes: [UInt8](repeating: 7, count: 100))])
  var rows = [CheckRow(host: "", check: .vantageIPv6, subject: "", verdict: .pass, reason: .controlsAgree)]
  var observed: [Observation] = []
  for (index, host) in names.enumerated() {
    for place in 0..<(isLate ? observations : 1) {
      observed.append(
        Observation(
          sequence: observed.count + 1, host: host, at: now, vantage: "lab",
          fact: SampleFacts.ordinary[place % SampleFacts.ordinary.count]))
    }
    let isDown =
      switch index % 100 {
      case 1: now.microseconds / 1_000_000 / 20_000 % 37 == 5
      case 2: random.below(2) == 0
      default: false
      }
    for check in CheckID.allCases where kind.checks.contains(check) {
      for subject in ["[2001:db8:1:2::1]:443", "[2001:db8:1:2::1]:25"].prefix(check == .reachTCP ? 2 : 1) {
        rows.append(
          CheckRow(
            host: host, check: check, subject: subject, verdict: isDown ? .fail : .pass, reason: .open,
            detail: "answered after 1 try", observedAt: now, evidence: [index * observations + 1]))
      }
    }
  }
  for first in stride(from: 0, to: observed.count, by: 500) {
    try writer.append(Array(observed[first..<min(first + 500, observed.count)]))
  }
  run.state = .complete
  run.finishedAt = Timestamp(microseconds: now.microseconds + 300_000_000)
  try writer.finish(run, rows: rows, manifest: [UInt8](repeating: 0x20, count: kind == .full ? 4000 : 0))
}

/// What the store takes on disk, with its log.
private func bytes(_ path: String) -> Int {
  ["", "-wal"].reduce(0) { sum, suffix in
    var status = stat()
    return stat(path + suffix, &status) == 0 ? sum + Int(status.st_size) : sum
  }
}
