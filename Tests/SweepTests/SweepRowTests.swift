import Foundation
import Observations
import Probing
import Testing
import Wire

@testable import Sweep

@Suite("Lines of a sweep")
struct SweepRowTests {
  private func line(_ finding: SweepFinding, _ format: SweepFormat, _ probe: SweepProbe = .echo) -> String {
    var text = Array("before|".utf8)
    SweepRow.append(finding, probe, format, to: &text)
    let line = String(decoding: text, as: UTF8.self)
    #expect(line.hasPrefix("before|") && line.hasSuffix("\n"))
    return String(line.dropFirst(7).dropLast())
  }

  private func object(_ finding: SweepFinding, _ probe: SweepProbe = .echo) throws -> NSDictionary {
    try #require(
      try JSONSerialization.jsonObject(with: Data(line(finding, .jsonl, probe).utf8)) as? NSDictionary)
  }

  @Test("CSV has a header, JSON lines have none")
  func header() {
    #expect(SweepRow.header(.csv) == Array("target,outcome,source,detail,hop_limit,try\n".utf8))
    #expect(SweepRow.header(.jsonl).isEmpty)
  }

  @Test("An answer is an answer to an echo, and an open port")
  func answered() throws {
    let finding = Samples.answered
    for (probe, word) in [
      (SweepProbe.echo, "answered"), (.tcp(port: 443), "open"), (.udp(port: 53), "open"),
    ] {
      #expect(line(finding, .csv, probe) == "2001:db8::1,\(word),,,64,1")
      #expect(
        try object(finding, probe)
          == ["target": "2001:db8::1", "outcome": word, "hop_limit": 64, "try": 1] as NSDictionary)
    }
  }

  @Test("A closed port")
  func closed() throws {
    let finding = Samples.finding(.closed, IPAddress("198.18.0.9")!, hopLimit: 9, attempt: 5)
    #expect(line(finding, .csv, .tcp(port: 22)) == "198.18.0.9,closed,,,9,5")
    #expect(
      try object(finding, .tcp(port: 22))
        == ["target": "198.18.0.9", "outcome": "closed", "hop_limit": 9, "try": 5] as NSDictionary)
  }

  @Test("A rejection names who sent it and what it was, whatever type and code it has")
  func rejected() throws {
    #expect(
      line(Samples.rejected, .csv)
        == "2001:db8::1,rejected,2001:db8:ffff::fe,type 1 code 1: administratively prohibited,255,2")
    #expect(
      try object(Samples.rejected)
        == [
          "target": "2001:db8::1", "outcome": "rejected", "source": "2001:db8:ffff::fe",
          "detail": "type 1 code 1: administratively prohibited", "hop_limit": 255, "try": 2,
        ] as NSDictionary)
    // Without a comma or a quote in any meaning, cells need no quotes.
    for source in [Samples.router, IPAddress("192.0.2.254")!] {
      for type in UInt8.min ... .max {
        for code in [0, 1, 2, 3, 4, 5, 6, 9, 10, 13, 255] as [UInt8] {
          let finding = Samples.finding(.rejected(Rejection(type: type, code: code, source: source)))
          let cells = line(finding, .csv).split(separator: ",", omittingEmptySubsequences: false)
          #expect(cells.count == 6 && !cells[3].contains("\""))
          #expect(try object(finding)["detail"] as? String == String(cells[3]))
        }
      }
    }
  }

  @Test("An error that may pass has neither hop limit nor try")
  func passing() throws {
    let finding = Samples.finding(.rejected(Rejection(type: 3, code: 0, source: Samples.router)))
    #expect(line(finding, .csv) == "2001:db8::1,rejected,2001:db8:ffff::fe,type 3 code 0: time exceeded,,")
    #expect(try object(finding)["try"] == nil && object(finding)["hop_limit"] == nil)
  }

  @Test("Silence, and silence that cannot be told")
  func silent() throws {
    #expect(line(Samples.silent, .csv) == "2001:db8::1,silent,,,,")
    #expect(try object(Samples.silent) == ["target": "2001:db8::1", "outcome": "silent"] as NSDictionary)
    let why = "the capture dropped packets at each try"
    #expect(line(Samples.finding(.unknown), .csv) == "2001:db8::1,unknown,,\(why),,")
    #expect(
      try object(Samples.finding(.unknown))
        == ["target": "2001:db8::1", "outcome": "unknown", "detail": why] as NSDictionary)
  }

  @Test("What could not be sent says why", arguments: NotSentReason.allCases)
  func notSent(reason: NotSentReason) throws {
    let finding = Samples.finding(.notSent(reason))
    #expect(line(finding, .csv) == "2001:db8::1,not-sent,,\(reason.rawValue),,")
    #expect(
      try object(finding)
        == ["target": "2001:db8::1", "outcome": "not-sent", "detail": reason.rawValue] as NSDictionary)
  }

  @Test("Numbers of one, two and three digits")
  func numbers() throws {
    for limit in UInt8.min ... .max {
      let finding = Samples.finding(.answered, hopLimit: limit, attempt: limit)
      #expect(line(finding, .csv) == "2001:db8::1,answered,,,\(limit)," + (limit > 0 ? "\(limit)" : ""))
      #expect(try object(finding)["hop_limit"] as? Int == Int(limit))
    }
  }

  @Test("Lines follow each other with nothing between")
  func whole() {
    var text: [UInt8] = SweepRow.header(.csv)
    for _ in 0..<3 { SweepRow.append(Samples.answered, .echo, .csv, to: &text) }
    #expect(
      String(decoding: text, as: UTF8.self)
        == "target,outcome,source,detail,hop_limit,try\n"
        + String(repeating: "2001:db8::1,answered,,,64,1\n", count: 3))
  }
}
