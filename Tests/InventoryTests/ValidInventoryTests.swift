import Foundation
import Inventory
import Testing

/// Every directory of `valid/` is an inventory without a fault: `notices.txt` is what there is to say about
/// it all the same, and `written/` what some of its files are when they are written again.
@Suite("Inventories without a fault")
struct ValidInventoryTests {
  static let names = TestData.cases(in: "valid")

  @Test("are read, with these notices and no others", arguments: names)
  func notices(name: String) throws {
    let directory = TestData.path("valid/\(name)")
    let expected = (try? String(contentsOfFile: "\(directory)/notices.txt", encoding: .utf8)) ?? ""
    let read = try InventoryReader.read(directory: directory)
    #expect(read.notices.map { "\($0)\n" }.joined() == expected)
  }

  @Test("are written in one form", arguments: names)
  func written(name: String) throws {
    let read = try InventoryReader.read(directory: TestData.path("valid/\(name)"))
    for (file, expected) in try TestData.files(of: "valid/\(name)/written") {
      let written = InventoryWriter.bytes(of: file, in: read.inventory)
      #expect(String(decoding: written, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
      #expect(written == expected)
    }
  }

  @Test("are the same after writing and reading, and are then written as the same bytes", arguments: names)
  func roundTrip(name: String) throws {
    let first = try InventoryReader.read(directory: TestData.path("valid/\(name)")).inventory
    let files = TestData.written(first)
    let second = try InventoryReader.read(files: files).inventory
    #expect(first == second)
    #expect(TestData.written(second) == files)
  }

  @Test("are the same when they are read byte by byte", arguments: names)
  func byteByByte(name: String) throws {
    let files = try TestData.files(of: "valid/\(name)")
    #expect(try InventoryReader.read(files: files) == TestData.readByteByByte(files))
  }

  @Test("are the same with CRLF and a byte-order mark as without", arguments: names)
  func lineEnds(name: String) throws {
    let files = try TestData.files(of: "valid/\(name)")
    // Quoted line breaks are text and would change with the line ends.
    guard files.values.allSatisfy({ !$0.contains(0x0d) }) else { return }
    let changed = files.mapValues { bytes in
      let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      return [0xef, 0xbb, 0xbf] + [UInt8](lines.joined(separator: [0x0d, 0x0a]))
    }
    #expect(try InventoryReader.read(files: files) == InventoryReader.read(files: changed))
  }
}
