import Foundation
import Inventory
import Testing

@Suite("docs/inventory.md")
struct DocumentationTests {
  private func text() throws -> String {
    let root = URL(fileURLWithPath: TestData.path("../.."))
    return try String(contentsOf: root.appendingPathComponent("docs/inventory.md"), encoding: .utf8)
  }

  @Test("has examples that make one inventory, without a fault or a notice")
  func examples() throws {
    let blocks = try text().components(separatedBy: "```csv\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    var files: [InventoryFile: [UInt8]] = [:]
    for (id, file) in [
      ("agency", InventoryFile.agencies), ("system", .systems), ("host", .hosts), ("prefix", .prefixes),
      ("zone", .zones), ("subject", .waivers),
    ] {
      // The last example of a file is the full one.
      if let block = blocks.last(where: { $0.hasPrefix(id + ",") }) { files[file] = Array(block.utf8) }
    }
    #expect(files.count == InventoryFile.allCases.count)
    #expect(try InventoryReader.read(files: files).notices == [])
    let smallest = try #require(blocks.first { $0.hasPrefix("host,") })
    #expect(try TestData.read(hosts: smallest).notices == [])
  }

  @Test("shows the fault as it is reported")
  func fault() throws {
    let error = try #require(throws: InventoryErrors.self) {
      try TestData.read(hosts: "host,agency,addresses\nh1,a,fe80::1%eth0\n")
    }
    let reported = String(error.problems[0].description.drop { $0 != " " })
    #expect(try text().contains(reported))
  }
}
