import Foundation
import Probing
import Testing
import Wire

@testable import Sweep

@Suite("Files of targets")
struct TargetFileTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func addresses(_ text: String) throws -> [String] {
    var found: [String] = []
    let count = try SweepJob.forEachTarget(of: scratch.write("targets", text)) { found.append("\($0)") }
    #expect(count == found.count)
    return found
  }

  /// What is said of a file that has a mistake.
  private func complaint(_ bytes: [UInt8]) throws -> SweepError? {
    let path = try scratch.write("targets", bytes: bytes)
    return #expect(throws: SweepError.self) { try SweepJob.forEachTarget(of: path) { _ in } }
  }

  @Test("Comments, blank lines, indents and the line ends of other systems are no targets")
  func plain() throws {
    let text = """
      # all of them
      2001:db8::1\r
      \t 192.0.2.1 \t# the printer

      \r
        # nothing
      2001:DB8:0::2#close
      2001:db8::1
      """
    #expect(try addresses(text) == ["2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::1"])
    #expect(try addresses("") == [])
    #expect(try addresses("\n\n#\n") == [])
  }

  @Test("The last line needs no end", arguments: ["", "\n", "\r\n"])
  func lastLine(end: String) throws {
    #expect(try addresses("192.0.2.1\n192.0.2.2" + end) == ["192.0.2.1", "192.0.2.2"])
  }

  @Test("A line that is no address is named by file, line and column, and what to write is said")
  func mistakes() throws {
    let error = try complaint(Array("2001:db8::1\n# fine\n   host.example # a name\n".utf8))
    let path = scratch.path("targets")
    #expect(error == .target(file: path, line: 3, column: 4, text: "host.example"))
    let said = try #require(error).description
    #expect(said.hasPrefix("\(path):3:4: host.example: no IP address; write one address a line"))
    for line in ["2001:db8::1/64", "192.0.2.1 192.0.2.2", "fe80::1%eth0", "192.0.2.01", "::1:", "[::1]"] {
      guard case .target(_, 1, 1, line)? = try complaint(Array(line.utf8)) else {
        Issue.record("\(line) was taken")
        continue
      }
    }
  }

  @Test("Control characters of a file do not reach the terminal")
  func controlCharacters() throws {
    let error = try complaint(
      [0x1b] + Array("]0;title".utf8) + [0x07, 0x00] + Array("\u{9b}\u{202e}ö".utf8) + [0xff])
    let said = try #require(error).description
    #expect(said.contains(#"\u{1b}]0;title\u{7}\u{0}\u{9b}\u{202e}ö"#), "\(said)")
    let isClean = said.unicodeScalars.allSatisfy {
      $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
    }
    #expect(isClean)
  }

  @Test("A bad line is shown up to its 64th byte")
  func longWord() throws {
    let error = try complaint(Array(String(repeating: "x", count: 1000).utf8))
    #expect(
      error
        == .target(
          file: scratch.path("targets"), line: 1, column: 1, text: String(repeating: "x", count: 64)))
  }

  @Test("A line longer than the buffer ends it with its number, one that just fits is read")
  func longLine() throws {
    let size = 256 * 1024
    let fits = "192.0.2.1 #" + String(repeating: "x", count: size - 12)
    #expect(fits.utf8.count == size - 1)
    #expect(try addresses("192.0.2.9\n\(fits)\n192.0.2.2\n") == ["192.0.2.9", "192.0.2.1", "192.0.2.2"])
    let error = try complaint(Array("192.0.2.9\n\(fits)xx\n192.0.2.2\n".utf8))
    #expect(
      error
        == .target(
          file: scratch.path("targets"), line: 2, column: 1, text: "a line of more than \(size) bytes"))
  }

  @Test("Lines that lie across the ends of the buffer are whole")
  func manyLines() throws {
    let wanted = (0..<70_000).map {
      "2001:db8:\(String($0 >> 8, radix: 16)):\(String($0 & 255, radix: 16))::1"
    }
    .map { "\(IPAddress($0)!)" }
    #expect(try addresses(wanted.joined(separator: "\n")) == wanted)
  }

  @Test("From the offset behind any line it goes on with the next")
  func offsets() throws {
    let text = "192.0.2.1\r\n# one\n\n 192.0.2.2\n192.0.2.3#\n192.0.2.4"
    let path = try scratch.write("targets", text)
    let file = try TargetFile(path: path)
    var left = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]
    var offsets: [Int] = []
    while try file.next() != nil {
      left.removeFirst()
      offsets.append(file.offset)
      let other = try TargetFile(path: path, offset: file.offset)
      var rest: [String] = []
      while let address = try other.next() { rest.append("\(address)") }
      #expect(rest == left)
    }
    #expect(offsets == [11, 29, 40, 49])
    #expect(file.offset == text.utf8.count)
  }

  @Test("Lists are filled in turn; what is repeated takes no room in one")
  func lists() throws {
    let path = try scratch.write("targets", "::1\n::1\n::2\n::1\n::3\n::3\n::4\n::5\n")
    let file = try TargetFile(path: path)
    var found: [([String], Int, Int)] = []
    while let list = try file.nextList(capacity: 2, key: .random()) {
      found.append(((0..<list.count).map { "\(list[$0])" }, list.repeated, file.offset))
    }
    #expect(found.map(\.0) == [["::1", "::2"], ["::1", "::3"], ["::3", "::4"], ["::5"]])
    #expect(found.map(\.1) == [1, 0, 0, 0])
    #expect(found.map(\.2) == [12, 20, 28, 32])
  }

  @Test("What cannot be read says why")
  func unreadable() throws {
    for (path, why) in [(scratch.path("nothing"), "No such file"), (scratch.folder, "Is a directory")] {
      let error = #expect(throws: SweepError.self) { try SweepJob.forEachTarget(of: path) { _ in } }
      guard case .targets(path, let said)? = error else {
        Issue.record("\(path): \(String(describing: error))")
        continue
      }
      #expect(said.contains(why))
    }
  }

  @Test("A plan of a file: each address once, at most so many, the shards apart and together the whole")
  func plans() throws {
    let wanted = Set((1...50).map { IPAddress(ipv6High: 0, low: $0) })
    let lines = wanted.map(\.description)
    let path = try scratch.write("targets", (lines + lines).joined(separator: "\n"))
    func targets(_ change: (inout SweepJob) -> Void = { _ in }) throws -> [IPAddress] {
      var job = SweepJob(.file(path), probe: .echo, scope: .init(), settings: .init())
      job.seed = 1
      change(&job)
      var found: [IPAddress] = []
      try job.forEachTarget { found.append($0) }
      return found
    }
    let all = try targets()
    #expect(all.count == 50 && Set(all) == wanted)
    #expect(try targets { $0.limit = 7 } == Array(all[..<7]))
    let shards = try ["1/3", "2/3", "3/3"].map { name in
      try targets { $0.shard = SweepShard(name) ?? .whole }
    }
    #expect(shards.map(\.count) == [17, 17, 16])
    #expect(Set(shards.joined()) == wanted)
    #expect(try targets { $0.seed = 2 } != all)
  }

  @Test("A file of more than one list is looked at to its end beforehand, and its lists stay the same")
  func longFiles() throws {
    var text = ""
    for number in 0..<SweepJob.window + 5 {
      text += "2001:db8::\(number >> 12):\(number & 4095)\n"
    }
    func counts(_ path: String) throws -> [Int] {
      var lists = try TargetLists(.file(path), window: 0, offset: 0, before: 0)
      try lists.check()
      var counts: [Int] = []
      while let list = try lists.next() {
        #expect(list.number == counts.count && list.before == counts.reduce(0, +))
        counts.append(list.targets.count)
      }
      return counts
    }
    #expect(try counts(scratch.write("long", text)) == [SweepJob.window, 5])
    #expect(try counts(scratch.write("short", "2001:db8::1\n")) == [1])
    #expect(try counts(scratch.write("empty", "# nobody\n")) == [])
    let faulty = try scratch.write("faulty", text + "no address\n")
    #expect(
      throws: SweepError.target(file: faulty, line: SweepJob.window + 6, column: 1, text: "no address")
    ) { try counts(faulty) }
  }
}
