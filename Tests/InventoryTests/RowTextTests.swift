import SeededRandom
import Testing

@testable import Inventory

@Suite("Rows as text")
struct RowTextTests {
  /// The files of an inventory written from the texts of its rows.
  private func written(_ inventory: Inventory) -> [InventoryFile: [UInt8]] {
    var rows: [InventoryRow] =
      inventory.agencies.map(InventoryRow.agency) + inventory.systems.map(InventoryRow.system)
    rows += inventory.hosts.map(InventoryRow.host) + inventory.prefixes.map(InventoryRow.prefix)
    rows += inventory.zones.map(InventoryRow.zone) + inventory.waivers.map(InventoryRow.waiver)
    let texts = rows.shuffled().map(RowText.init)
    var files: [InventoryFile: [UInt8]] = [:]
    for file in InventoryFile.allCases {
      let own = texts.filter { $0.file == file }.sorted { $0.place < $1.place }
      var names: [String] = []
      for row in own where !names.contains(row.extraNames) { names.append(row.extraNames) }
      var writer = RowTextWriter(file, extraNames: names)
      for row in own { writer.add(row) }
      files[file] = writer.take()
    }
    return files
  }

  @Test("make the same files as the inventory itself", arguments: TestData.cases(in: "valid"))
  func sameFiles(name: String) throws {
    let inventory = try InventoryReader.read(files: TestData.files(of: "valid/\(name)")).inventory
    #expect(written(inventory) == TestData.written(inventory))
  }

  @Test("are in the order of prefixes and waivers, whatever their digits")
  func order() throws {
    let files: [InventoryFile: [UInt8]] = [
      .hosts: Array("host,agency\na,x\na-b,x\n".utf8),
      .prefixes: Array(
        "prefix\n198.18.0.0/15\n2001:db8::/32\n2001:db8:10::/48\n2001:db8:2::/48\n198.18.10.0/24\n198.18.2.0/24\n2001:db8::/33\n"
          .utf8),
      .waivers: Array(
        "subject,check,owner,reason,expires\na-b,,o,r,2030-01-01\na,reach.tcp,o,r,2030-01-01\na,,o,r,2031-01-01\n"
          .utf8),
    ]
    let inventory = try InventoryReader.read(files: files).inventory
    #expect(written(inventory) == TestData.written(inventory))
  }

  @Test("name their cells, and keep text that CSV has to quote")
  func named() throws {
    let read = try TestData.read(
      hosts: "host,agency,contact,\"a,b\",note\nh,x,\"say \"\"hi\"\", now\nand then\",1,\n")
    let text = RowText(.host(read.inventory.hosts[0]))
    #expect(text.named.map(\.column) == ["host", "agency", "contact", "a,b"])
    #expect(text.named.map(\.value) == ["h", "x", "say \"hi\", now\nand then", "1"])
  }
}
