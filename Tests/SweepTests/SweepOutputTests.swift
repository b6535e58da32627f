import Foundation
import Probing
import Testing
import Wire

@testable import Sweep

@Suite("The output of a sweep")
struct SweepOutputTests {
  private let scratch: Scratch
  private static let header = "target,outcome,source,detail,hop_limit,try\n"
  private static let row = "2001:db8::1,answered,,,64,1\n"

  init() throws { scratch = try Scratch() }

  private func output(
    keeping kept: Int? = nil, format: SweepFormat = .csv, silent: Bool = false, path: String? = nil
  ) throws -> SweepOutput {
    try SweepOutput(
      path: path ?? scratch.path("out"), keeping: kept, probe: .echo, format: format, includesSilent: silent)
  }

  @Test("A new file begins with its header and forgets what was there")
  func new() throws {
    _ = try scratch.write("out", "something old that is much longer than what comes now\n")
    let output = try output()
    #expect(try output.flush() == Self.header.utf8.count)
    #expect(try scratch.read("out") == Self.header)
    try output.take([Samples.answered])
    #expect(
      try scratch.read("out") == Self.header + Self.row, "little is written at once, for who reads along")
    #expect(try output.flush(synchronising: true) == (Self.header + Self.row).utf8.count)
  }

  @Test("JSON lines have no header; a sweep that finds nothing leaves an empty file")
  func empty() throws {
    #expect(try output(format: .jsonl).flush() == 0)
    #expect(try scratch.read("out") == "")
  }

  @Test("Silent targets get lines only if they are asked for", arguments: [false, true])
  func silent(isWanted: Bool) throws {
    let output = try output(silent: isWanted)
    try output.take([Samples.silent, Samples.answered, Samples.finding(.unknown)])
    _ = try output.flush()
    let lines = try scratch.read("out").split(separator: "\n").dropFirst()
    #expect(lines.contains("2001:db8::1,silent,,,,") == isWanted)
    #expect(lines.count == (isWanted ? 3 : 2), "that nothing is known is always said")
  }

  @Test("Many findings are written whole and counted right")
  func many() throws {
    let output = try output()
    for _ in 0..<5 { try output.take(Array(repeating: Samples.answered, count: 4096)) }
    let length = try output.flush()
    let text = try scratch.read("out")
    #expect(text == Self.header + String(repeating: Self.row, count: 5 * 4096))
    #expect(length == text.utf8.count)
  }

  @Test("Gone on with, it keeps what the state speaks of, cuts off the rest and has one header")
  func resumed() throws {
    let kept = Self.header + Self.row
    _ = try scratch.write("out", kept + "2001:db8::2,answered,,,64,1\n2001:db8::3,ans")
    let output = try output(keeping: kept.utf8.count)
    #expect(try scratch.read("out") == kept)
    #expect(try output.flush() == kept.utf8.count)
    try output.take([Samples.rejected])
    #expect(
      try scratch.read("out")
        == kept + "2001:db8::1,rejected,2001:db8:ffff::fe,type 1 code 1: administratively prohibited,255,2\n")
    #expect(try output.flush() == scratch.read("out").utf8.count)
  }

  @Test("Shorter than the state says, it is refused and not touched", arguments: [0, 1, 42])
  func short(length: Int) throws {
    let text = String(repeating: "x", count: length)
    _ = try scratch.write("out", text)
    let error = #expect(throws: SweepError.self) { _ = try output(keeping: 43) }
    #expect(error == .outputShort(scratch.path("out"), kept: 43))
    #expect(error?.description.contains("43 bytes") == true)
    #expect(try scratch.read("out") == text)
  }

  @Test("The output of an interrupted sweep that is gone is not made anew")
  func gone() throws {
    let error = #expect(throws: SweepError.self) { _ = try output(keeping: 43) }
    #expect(error == .outputShort(scratch.path("out"), kept: 43))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("out")))
  }

  @Test("What cannot be opened says why")
  func unopened() throws {
    let path = scratch.path("nowhere/out")
    let error = #expect(throws: SweepError.self) { _ = try output(path: path) }
    #expect(error == .output(path, "cannot be opened", why: "No such file or directory"))
  }

  @Test("A full disk ends it and says so, whether there is much to write or little")
  func full() throws {
    let wanted = SweepError.output("/dev/full", "cannot be written", why: "No space left on device")
    for count in [1, 5000] {
      let output = try output(path: "/dev/full")
      let error = #expect(throws: SweepError.self) {
        try output.take(Array(repeating: Samples.answered, count: count))
      }
      #expect(error == wanted)
      #expect(error?.description.contains("--output") == true)
      #expect(throws: SweepError.self) { try output.flush() }
    }
  }
}
