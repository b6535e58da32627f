import Foundation
import Inventory
import Observations
import Readiness
import Reporting
import Testing
import Wire

@Suite("Result files")
struct ResultsTests {
  @Test("compliance.csv: the city counts agencies, agencies and systems count their hosts")
  func compliance() throws {
    let expected = """
      scope,id,name,outcome,total,exempt,eligible,converted,not_converted,unknown,percent_low,percent_high,\
      target_percent,target_met,policy,run,measured_at
      city,city,city,,3,1,2,1,1,0,50.00,50.00,98.8,no,2026-0-lab,R1,2026-11-24T03:00:09Z
      agency,a,"Sở A, Hà Nội",converted,1,0,1,1,0,0,100.00,100.00,98.8,yes,2026-0-lab,R1,2026-11-24T03:00:05Z
      agency,b,'=B(),not_converted,1,0,1,0,1,0,0.00,0.00,98.8,no,2026-0-lab,R1,2026-11-24T03:00:05Z
      agency,c,C,exempt,1,1,0,0,0,0,,,98.8,,2026-0-lab,R1,
      system,s,Portal,converted,1,0,1,1,0,0,100.00,100.00,98.8,yes,2026-0-lab,R1,2026-11-24T03:00:05Z

      """
    #expect(try text("compliance.csv") == expected)
  }

  @Test("hosts.csv: states, and ids of checks in alphabetical order")
  func hosts() throws {
    let expected = """
      agency,system,host,state,converted,secure,failed_checks,unknown_checks,waived_checks,score,measured_at
      a,s,a-web,operational,yes,no,,,,100,2026-11-24T03:00:05Z
      b,,b-web,addressed,no,no,reach.echo reach.tcp service.handshake,,,16,2026-11-24T03:00:05Z
      c,,c-old,exempt,no,no,address.present,,,0,

      """
    #expect(try text("hosts.csv") == expected)
  }

  @Test("checks.csv: the vantage first, then each host's rows with their evidence")
  func checks() throws {
    let lines = try text("checks.csv").split(separator: "\n").map(String.init)
    #expect(lines[0] == "host,check,subject,verdict,reason,detail,observed_at,evidence")
    #expect(lines[1].hasPrefix(",vantage.ipv6,,pass,controls-agree,"))
    #expect(
      lines.contains(
        "b-web,reach.tcp,[2001:db8:b::1]:80,fail,closed,RST after 0.4 ms,2026-11-24T03:00:05.000Z,5"))
  }

  @Test("manifest.json holds the SHA-256 of every other file, as sha256sum computes it")
  func manifest() throws {
    let files = try Self.results.files()
    let manifest = try #require(files.last)
    #expect(manifest.name == "manifest.json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(manifest.bytes)) as? [String: Any])
    let sums = try #require(json["files"] as? [String: String])
    #expect(sums.count == 3)
    for file in files.dropLast() {
      #expect(sums[file.name] == (try sha256sum(file.bytes)))
    }
  }

  @Test("The same run gives the same bytes, in whatever order its observations come")
  func repeatable() throws {
    let again = Self.results(observations: Self.observations.reversed())
    #expect(try Self.results.files() == again.files())
  }

  @Test(
    "Percentages are cut, never rounded up",
    arguments: [(9882, "98.82"), (9879, "98.79"), (10000, "100.00"), (0, "0.00"), (5, "0.05"), (120, "1.20")])
  func percent(hundredths: Int, text: String) {
    #expect(percentText(hundredths) == text)
  }

  private func text(_ name: String) throws -> String {
    let file = try #require(try Self.results.files().first { $0.name == name })
    return String(decoding: file.bytes, as: UTF8.self)
  }

  private func sha256sum(_ bytes: [UInt8]) throws -> String {
    let path = NSTemporaryDirectory() + "v6audit-sum-\(UInt64.random(in: 0 ... .max))"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = [path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(String(decoding: data, as: UTF8.self).prefix(64))
  }
}
