import Foundation
import Reporting
import Testing

@Suite("Result files change in one step")
struct OutputDirectoryTests {
  private let path = NSTemporaryDirectory() + "v6audit-output-\(UInt64.random(in: 0 ... .max))"

  private func files(_ content: String) -> [ResultFile] {
    ["compliance.csv", "manifest.json"].map { ResultFile(name: $0, bytes: Array(content.utf8)) }
  }

  private func read(_ name: String) -> String? {
    try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }

  @Test("A second run takes the place of the first, leaves nothing of it, and leaves other files alone")
  func replace() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let output = OutputDirectory(path)
    try output.publish(files("one"), run: "R1")
    try "mine".write(toFile: "\(path)/notes.txt", atomically: true, encoding: .utf8)
    try output.publish(files("two"), run: "R2")
    #expect(read("compliance.csv") == "two")
    #expect(read("manifest.json") == "two")
    #expect(read("notes.txt") == "mine")
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == [".current", ".run-R2", "compliance.csv", "manifest.json", "notes.txt"])
  }

  @Test("What a killed run left is cleared by the next, and until then nobody sees it")
  func abandoned() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let output = OutputDirectory(path)
    try output.publish(files("one"), run: "R1")
    try FileManager.default.createDirectory(atPath: "\(path)/.run-R2", withIntermediateDirectories: true)
    try "half".write(toFile: "\(path)/.run-R2/compliance.csv", atomically: true, encoding: .utf8)
    #expect(read("compliance.csv") == "one")
    try output.publish(files("three"), run: "R3")
    #expect(read("compliance.csv") == "three")
    #expect(!FileManager.default.fileExists(atPath: "\(path)/.run-R2"))
  }

  @Test("The same run can be published again")
  func again() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let output = OutputDirectory(path)
    try output.publish(files("one"), run: "R1")
    try output.publish(files("one"), run: "R1")
    #expect(read("manifest.json") == "one")
  }

  @Test("A reader that opens the directory once sees one run whole, whenever it looks")
  func neverMixed() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let output = OutputDirectory(path)
    try output.publish(files("0"), run: "R0")
    let writer = Task.detached {
      for number in 1...60 { try output.publish(files("\(number)"), run: "R\(number)") }
    }
    // A reader that holds the run's folder, as one rename decides which, never finds two runs in it.
    for _ in 0..<300 {
      guard let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(path)/.current") else {
        Issue.record("there is always a current run")
        break
      }
      let first = read("\(folder)/compliance.csv")
      let second = read("\(folder)/manifest.json")
      if let first, let second { #expect(first == second) }
    }
    try await writer.value
    #expect(read("compliance.csv") == "60")
  }

  @Test("A failure to write the run in place again leaves it whole")
  func failureAgain() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let output = OutputDirectory(path)
    try output.publish(files("one"), run: "R1")
    let more = files("two") + [ResultFile(name: "no/such/folder.csv", bytes: [])]
    #expect(throws: OutputError.self) { try output.publish(more, run: "R1") }
    #expect(read("compliance.csv") == "one")
    #expect(read("manifest.json") == "one")
  }

  @Test("Plain files that are there, a copy of some run, give way in one step too")
  func plainFiles() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try "old".write(toFile: "\(path)/compliance.csv", atomically: true, encoding: .utf8)
    try OutputDirectory(path).publish(files("new"), run: "R1")
    #expect(read("compliance.csv") == "new")
    #expect(read("manifest.json") == "new")
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == [".current", ".run-R1", "compliance.csv", "manifest.json"])
  }

  @Test("Two programs that publish at the same time take turns")
  func twoAtOnce() async throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<20 {
            try OutputDirectory(path).publish(files("\(writer)-\(number)"), run: "R\(writer)-\(number)")
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(read("compliance.csv") == read("manifest.json") && read("compliance.csv") != nil)
  }

  @Test("What failed leaves no rubbish, and what stood still stands")
  func failureLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let output = OutputDirectory(path)
    try output.publish(files("one"), run: "R1")
    try FileManager.default.createDirectory(atPath: "\(path)/extra.csv", withIntermediateDirectories: false)
    let more = files("two") + [ResultFile(name: "extra.csv", bytes: [])]
    #expect(throws: OutputError.self) { try output.publish(more, run: "R2") }
    #expect(read("compliance.csv") == "one")
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(names == [".current", ".run-R1", "compliance.csv", "extra.csv", "manifest.json"])
  }

  @Test("A directory that cannot be made is an error with its cause and the way out")
  func failure() throws {
    let error = #expect(throws: OutputError.self) {
      try OutputDirectory("/proc/nowhere/output").publish(files("x"), run: "R1")
    }
    #expect(error?.description.contains("/proc/nowhere/output: cannot create") ?? false)
    #expect(error?.description.contains("--output") ?? false)
  }
}
