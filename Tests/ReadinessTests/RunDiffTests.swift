import Observations
import Testing

@testable import Readiness

@Suite("What differs between two judgements") struct RunDiffTests {
  @Test("Nothing differs from itself")
  func same() {
    let judgement = Scene.healthy().judgement
    #expect(RunDiff(from: judgement, to: judgement).changes.isEmpty)
  }

  @Test("A port that closes: the agency, the host and each check, with reasons; and back")
  func port() {
    let before = Scene.healthy()
    var after = before
    after.port(443, .reset)
    let diff = RunDiff(from: before.judgement, to: after.judgement)
    #expect(diff.cityBefore.converted == 1 && diff.cityAfter.converted == 0)
    let agency = diff.changes.first { $0.kind == .agency }
    #expect(agency?.before == "converted" && agency?.after == "not_converted" && agency?.isWorse == true)
    let host = diff.changes.first { $0.kind == .host }
    #expect(host?.before == "operational" && host?.after == "addressed" && host?.reasonAfter == "closed")
    #expect(host?.check == "reach.tcp")
    let checks = diff.changes.filter { $0.kind == .check }
    #expect(
      Set(checks.map(\.check)).isSuperset(of: ["reach.tcp", "dns.live", "service.ports", "service.handshake"])
    )
    let back = RunDiff(from: after.judgement, to: before.judgement)
    #expect(back.changes.count == diff.changes.count && !back.changes.contains { $0.isWorse })
  }

  @Test("What failed before and fails now for another reason has changed, and is not worse")
  func otherReason() {
    var before = Scene.healthy()
    before.port(443, .reset)
    var after = before
    after.port(443, .nothing)
    let diff = RunDiff(from: before.judgement, to: after.judgement)
    #expect(diff.changes.contains { $0.reasonBefore == "closed" && $0.reasonAfter == "silent" })
    #expect(!diff.changes.contains { $0.isWorse })
  }

  @Test("Rows that appear and vanish have an empty side")
  func rows() {
    var more = Scene.healthy()
    more.host.services = [.https, .ssh].sorted()
    more.serve(.ssh, at: .host6)
    more.serve(.ssh, at: .host4)
    let diff = RunDiff(from: Scene.healthy().judgement, to: more.judgement)
    #expect(diff.changes.contains { $0.before.isEmpty && $0.after == "pass" && $0.subject.hasSuffix(":22") })
    #expect(!diff.changes.contains { $0.isWorse })
  }
}
