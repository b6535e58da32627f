import Foundation
import Inventory
import Observations
import PacketIO
import Readiness
import Testing
import Wire

@testable import Audit

@Suite("Evidence of many hosts") struct EvidenceWriterTests {
  private let hosts = (1...7).map { number in
    Host(
      id: "h\(number)", agency: "a", names: [],
      addresses: [IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: UInt64(number))],
      services: [Service(.http, port: 80, transport: .tcp)])
  }

  private func folder(_ name: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/evidence-\(name)-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test("Looked for one at a time or all at once, the files are the same")
  func slices() throws {
    let spoolFolder = try folder("spool")
    defer { try? FileManager.default.removeItem(atPath: spoolFolder) }
    var draft = EvidenceDraft(spool: try PacketSpool(directory: spoolFolder))
    draft.hosts = hosts.map { HostAddressing($0, published: [:]) }
    var observations: [Observation] = []
    // Two hosts at a time share a conversation; the last host was never asked.
    for number in 1...6 {
      let ids = "h\(number)" + (number < 6 ? " h\(number + 1)" : "")
      draft.spool.append(
        .transcript, at: UInt64(number) * 1_000_000_000, text: "\(ids)\n== words of \(number)\n> hello\n\n")
      observations.append(
        Observation(
          sequence: number, host: "h\(number)", at: Timestamp(microseconds: Int64(number)), vantage: "v",
          fact: .echo(address: hosts[number - 1].addresses(.ipv6)[0], outcome: .silent(tries: 3))))
    }
    var inventory = Inventory()
    inventory.hosts = hosts
    let run = Run(
      id: "r", toolVersion: "0", vantage: "v", policy: "p", startedAt: Timestamp(microseconds: 0))
    let judgement = judge(
      inventory, observations: observations, policy: .current, now: Timestamp(microseconds: 9))
    var seen: [[String: Data]] = []
    for count in [1, 2, 300] {
      let target = try folder("files")
      defer { try? FileManager.default.removeItem(atPath: target) }
      var writer = EvidenceWriter(draft, run: run, judgement: judgement, observations: observations)
      writer.hostsAtOnce = count
      let summary = try writer.write(to: target, final: target)
      let names = try FileManager.default.contentsOfDirectory(atPath: target)
      #expect(summary.files == names.count - 1 && summary.cut == 0)
      seen.append(
        try Dictionary(
          uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: "\(target)/\($0)"))) }))
    }
    #expect(seen[0] == seen[2] && seen[1] == seen[2])
    #expect(seen[2].keys.filter { $0.hasSuffix(".txt") }.sorted() == (1...6).map { "h\($0).txt" })
    let shared = String(decoding: seen[2]["h2.txt"] ?? Data(), as: UTF8.self)
    #expect(shared.contains("words of 1") && shared.contains("words of 2") && !shared.contains("words of 3"))
  }
}
