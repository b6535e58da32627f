import Observations
import PacketIO
import SeededRandom
import Testing
import Wire

@testable import Audit

/// Whatever stands in a file that says it is our evidence: an answer or an error with its place, never a trap.
@Suite struct HostileReplayTests {
  private static let section = EvidenceSection(
    run: "R", host: "web", vantage: "lab", key: "00112233445566778899aabbccddeeff", tries: 3,
    timeoutNanoseconds: 1_000_000_000, backoff: 1.5, jitter: 0.1, extraRounds: 2, drops: [[1, 2, 3]],
    rounds: [5])

  private static func file(_ comments: [String]) -> [UInt8] {
    var writer = PcapngWriter(application: "test", comments: comments)
    let raw = writer.addInterface(.raw, snapLength: 512, description: "")
    let echo: [UInt8] =
      [0x60, 0, 0, 0, 0, 8, 58, 64] + [UInt8](repeating: 1, count: 32) + [128, 0, 0, 0, 0, 1, 0, 1]
    for direction in [PcapngWriter.Direction.sent, .received] {
      writer.addPacket(
        echo, interface: raw, time: 9_000_000_000, length: 48, direction: direction, order: 1, comment: "c")
    }
    return writer.bytes
  }

  private func replay(_ bytes: [UInt8]) throws(CaptureFileError) -> Replay {
    try Replay(bytes: bytes, vantage: "lab")
  }

  @Test func commentsWrittenByHand() throws {
    let probes =
      #"[{"number":4294967295,"target":"2001:db8::1","sequence":7},{"number":0,"target":"::","port":0}]"#
    let mark = EvidenceSection.mark
    let sections = [
      #"{"version":1,"run":"","host":"","vantage":"","key":"x","tries":-9,"timeoutNanoseconds":18446744073709551615,"#
        + #""backoff":1e300,"jitter":-5,"extraRounds":99999,"drops":[[],[0,18446744073709551615,18446744073709551615],"#
        + #"[9,1,1]],"rounds":[18446744073709551615,0],"leftOut":-1}"#,
      #"{"version":2}"#, "{}", "null", "", "[[[[[[",
    ]
    for section in sections {
      let read = try replay(Self.file([mark + section, EvidenceSection.probesMark + probes]))
      #expect(read.observations.isEmpty || read.isEvidence)
    }
  }

  @Test func changedBytes() {
    let entry = EvidenceSection.Entry(number: 3, target: IPAddress(ipv6High: 1, low: 2), sequence: 1)
    let whole = Self.file(Self.section.comments([entry]))
    var random = SplitMix64(seed: 9)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      _ = try? replay(bytes)
    }
    for length in stride(from: 0, to: whole.count, by: 3) { _ = try? replay(Array(whole.prefix(length))) }
  }
}
