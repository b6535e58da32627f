import Foundation
import Inventory
import Testing

/// Every directory of `invalid/` is an inventory with the fault it is named after, and `expected.txt`, what
/// the reader must say about it: all of it, in this order, and nothing else.
@Suite("Faulty inventories")
struct InvalidInventoryTests {
  @Test("are refused with every fault named", arguments: TestData.cases(in: "invalid"))
  func refused(name: String) throws {
    let directory = TestData.path("invalid/\(name)")
    let expected = try String(contentsOfFile: "\(directory)/expected.txt", encoding: .utf8)
    let error = try #require(throws: InventoryErrors.self) {
      try InventoryReader.read(directory: directory)
    }
    #expect(error.description + "\n" == expected)
    #expect(error.omitted == 0)
  }

  @Test("give the same answer when they are read byte by byte", arguments: TestData.cases(in: "invalid"))
  func refusedByteByByte(name: String) throws {
    let expected = try String(contentsOfFile: TestData.path("invalid/\(name)/expected.txt"), encoding: .utf8)
    let files = try TestData.files(of: "invalid/\(name)")
    let error = try #require(throws: InventoryErrors.self) { try TestData.readByteByByte(files) }
    #expect(error.description + "\n" == expected)
  }

  @Test("there is one for each fault")
  func isNotEmpty() {
    #expect(TestData.cases(in: "invalid").count >= 50)
  }
}
