import Foundation
import Testing

/// What the fuzzers found worth keeping, through every parser, without a fuzzer.
@Suite struct CorpusTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "corpus")

  /// An input for one parser is as good as any other bytes for the others.
  @Test("every kept input is read or refused by every parser", arguments: FuzzParser.table.map(\.name))
  func kept(_ name: String) throws {
    let parser = try #require(FuzzParser.table.first { $0.name == name })
    var count = 0
    for folder in FuzzParser.table.map(\.name) {
      for (file, input) in try Self.inputs(of: folder) {
        count += folder == name ? 1 : 0
        do {
          try parser.check(input)
        } catch {
          Issue.record("\(folder)/\(file) through \(name): \(error)")
        }
      }
    }
    #expect(count > 0, "no corpus for \(name)")
  }

  @Test("the corpus has folders of parsers only, and is small")
  func isTidy() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
    #expect(Set(folders) == Set(FuzzParser.table.map(\.name)))
    let total = try folders.reduce(0) { total, folder in
      try total + Self.inputs(of: folder).reduce(0) { $0 + $1.input.count }
    }
    #expect(total < 1 << 20)
  }

  private static func inputs(of folder: String) throws -> [(file: String, input: [UInt8])] {
    let folder = corpus.appending(path: folder)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      ($0, Array(try Data(contentsOf: folder.appending(path: $0))))
    }
  }
}
