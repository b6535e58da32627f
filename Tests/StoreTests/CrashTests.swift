import Foundation
import Observations
import Testing

/// Every call by which a store is written goes wrong once in each way: the process is killed before it or in the middle
/// of it, the power fails, the disk refuses. After each the store is opened again and must hold what was acknowledged,
/// and nothing by halves.
@Suite(.serialized) struct CrashTests {
  /// How many points are tried; they are spread over all kinds of work and of faults. `make soak` asks for more.
  static let wanted = Int(ProcessInfo.processInfo.environment["V6AUDIT_CRASH_POINTS"] ?? "") ?? 500

  @Test(.timeLimit(.minutes(240))) func atEveryWritePoint() async throws {
    let faults = try FaultyTool()
    var series: [(work: CrashWork, fault: Fault, calls: Int)] = []
    var calls = 0
    for work in try CrashWork.all() {
      let count = try faults.count(work)
      calls += count
      try #require(count > 20, "\(work.name)")
      for fault in Fault.allCases { series.append((work, fault, count)) }
    }
    let shares = Self.shares(of: Self.wanted, among: series.map(\.calls))
    var points: [CrashPoint] = []
    for (share, series) in zip(shares, series) {
      // Evenly over all calls, another place for each fault.
      let offset = Double(points.count % 17) / 17
      for index in 0..<share {
        let place = Int((Double(index) + offset) * Double(series.calls) / Double(share))
        points.append(
          CrashPoint(work: series.work, fault: series.fault, call: 1 + min(place, series.calls - 1)))
      }
    }
    let results = try await Self.run(points, faults)
    for result in results {
      for complaint in result.complaints.prefix(3) { Issue.record("\(result.point): \(complaint)") }
    }
    let hit = results.filter(\.isHit).count
    print(
      "crash points: \(calls) write points, \(series.count) series, \(points.count) points tried, \(hit) hit")
    for (name, results) in Dictionary(grouping: results, by: { "\($0.point.work.name) \($0.point.fault)" })
      .sorted(
        by: { $0.key < $1.key })
    {
      print("  \(name): \(results.filter(\.isHit).count) of \(results.count)")
    }
    #expect(points.count >= min(Self.wanted, calls * Fault.allCases.count))
    #expect(Double(hit) >= 0.98 * Double(points.count))
  }

  /// Shares of a number of points, as equal as may be; none is more than there are calls.
  private static func shares(of wanted: Int, among limits: [Int]) -> [Int] {
    var shares = Array(repeating: 0, count: limits.count)
    var left = wanted
    while left > 0 {
      let open = limits.indices.filter { shares[$0] < limits[$0] }
      if open.isEmpty { break }
      let each = max(1, left / open.count)
      for index in open where left > 0 {
        let more = min(each, limits[index] - shares[index], left)
        shares[index] += more
        left -= more
      }
    }
    return shares
  }

  private static func run(_ points: [CrashPoint], _ faults: FaultyTool) async throws -> [CrashResult] {
    try await withThrowingTaskGroup(of: CrashResult.self) { group in
      var results: [CrashResult] = []
      for (index, point) in points.enumerated() {
        if index >= 2, let result = try await group.next() { results.append(result) }
        group.addTask { try faults.run(point) }
      }
      for try await result in group { results.append(result) }
      return results
    }
  }
}

/// How a call goes wrong; `Faults/faults.c` says what each does.
enum Fault: String, CaseIterable, Sendable {
  case kill, torn, power, scrambled, eio, enospc, full

  /// Whether the process goes on.
  var isRefusal: Bool { [.eio, .enospc, .full].contains(self) }
}

/// A call that goes wrong.
struct CrashPoint: Sendable, CustomStringConvertible {
  let work: CrashWork
  let fault: Fault
  let call: Int

  var description: String { "\(work.name), \(fault) at call \(call)" }
}

struct CrashResult: Sendable {
  let point: CrashPoint
  let isHit: Bool
  let complaints: [String]
}

/// `store-testtool` with faults.
struct FaultyTool: Sendable {
  private let library: String
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    library = scratch.directory + "/faults.so"
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Faults/faults.c")
    let result = try TestTool.shell(
      "cc -Wall -Wextra -Werror -O1 -shared -fPIC -o \"$0\" \"\(source.path)\"", library, under: [])
    try #require(result.status == 0, "the fault injector does not compile")
  }

  /// How many calls a piece of work makes.
  func count(_ work: CrashWork) throws -> Int {
    let place = try Scratch(inMemory: true)
    let (result, log) = try start(work, in: place, ["FAULT_AT=0"])
    try #require(
      result.status == 0 && !result.lines.contains { $0.hasPrefix("error") }, "\(work.name): \(result)")
    let complaints = work.complaints(in: place.directory, CrashAccount(result.lines), nil)
    try #require(complaints.isEmpty, "\(work.name): \(complaints)")
    return Int(log.last?.split(separator: " ").last ?? "") ?? 0
  }

  func run(_ point: CrashPoint) throws -> CrashResult {
    let place = try Scratch(inMemory: true)
    let (result, log) = try start(
      point.work, in: place, ["FAULT_AT=\(point.call)", "FAULT_KIND=\(point.fault)"])
    let isHit = log.contains { $0.hasPrefix("hit") }
    var complaints = point.work.complaints(
      in: place.directory, CrashAccount(result.lines), isHit ? point.fault : nil)
    if point.fault.isRefusal && result.status > 1 { complaints.append("ended with status \(result.status)") }
    if !point.fault.isRefusal && isHit != (result.status == SIGKILL) {
      complaints.append("ended with status \(result.status)")
    }
    return CrashResult(point: point, isHit: isHit, complaints: complaints)
  }

  private func start(
    _ work: CrashWork, in place: Scratch, _ settings: [String]
  ) throws -> (result: (lines: [String], status: Int32), log: [String]) {
    for name in try FileManager.default.contentsOfDirectory(atPath: work.template.directory) {
      try FileManager.default.copyItem(
        atPath: work.template.directory + "/" + name, toPath: place.directory + "/" + name)
    }
    let log = scratch.directory + "/" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: log) }
    let result = try TestTool.run(
      work.arguments(place.directory),
      under: ["LD_PRELOAD=\(library)", "FAULT_PREFIX=\(place.directory)/", "FAULT_LOG=\(log)"] + settings)
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return (result, text.split(separator: "\n").map(String.init))
  }
}
