import Testing

/// Our parsers and Wireshark's, each over the same frames of our own making.
@Suite struct DifferentialTests {
  private static let frames = FrameGenerator.frames(4000, seed: 20_261_124)
  /// One run of tshark for all tests.
  private static let rows = Result { try Tshark.rows(frames, fields: Facts.fields + KnownDifference.fields) }
  /// A broken parser differs in thousands of frames; a few show what is wrong.
  private static let mostReports = 20

  @Test("what we read in a frame is what tshark reads, but for what is known and has its reason")
  func compared() throws {
    let rows = try Self.rows.get()
    try #require(rows.count == Self.frames.count)
    var excused = [Int](repeating: 0, count: KnownDifference.all.count)
    var compared: [Facts.Key: Int] = [:]
    var differing = 0
    for (index, (frame, row)) in zip(Self.frames, rows).enumerated() {
      let ours = Facts(ours: frame)
      let theirs = Facts(tshark: row, captured: frame.bytes.count)
      for key in ours.values.keys where theirs[key] != nil { compared[key, default: 0] += 1 }
      for key in ours.differences(from: theirs) {
        let known = KnownDifference.all.firstIndex {
          $0.keys.contains(key) && $0.applies(key, ours, theirs, row)
        }
        if let known {
          excused[known] += 1
          continue
        }
        differing += 1
        guard differing <= Self.mostReports else { continue }
        Issue.record(
          """
          frame \(index) (\(frame.story)): \(key.rawValue) is \(ours[key] ?? "not there") to us\
          \(ours.refusal.map { " (\($0))" } ?? ""), \(theirs[key] ?? "not there") to tshark
          """)
      }
    }
    #expect(differing == 0, "in all")
    // What is never met is not compared, and an excuse that nobody needs is none.
    for key in Facts.Key.allCases { #expect(compared[key, default: 0] >= 20, "\(key.rawValue)") }
    for (known, count) in zip(KnownDifference.all, excused) { #expect(count > 0, "\(known.reason)") }
  }

  @Test("one bit that only we read otherwise is seen in every frame, so the test above can fail")
  func canFail() throws {
    for (frame, row) in zip(Self.frames, try Self.rows.get()) where Facts(ours: frame)[.source] != nil {
      var damaged = frame
      let tags = Int(Facts(ours: frame)[.tags] ?? "") ?? 0
      // Within the sender's address, in either family.
      damaged.bytes[14 + 4 * tags + 15] ^= 1
      let theirs = Facts(tshark: row, captured: frame.bytes.count)
      #expect(!Facts(ours: damaged).differences(from: theirs).isEmpty, "\(frame.story)")
    }
  }

  @Test("the frames are the same every time")
  func isDeterministic() {
    let frames = FrameGenerator.frames(50, seed: 1)
    #expect(frames.map(\.bytes) == FrameGenerator.frames(50, seed: 1).map(\.bytes))
    #expect(frames.map(\.bytes) != FrameGenerator.frames(50, seed: 2).map(\.bytes))
  }
}
