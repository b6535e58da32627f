import Foundation
import Inventory
import Testing

@Suite("Large inventories", .serialized)
struct LargeInventoryTests {
  /// Takes two seconds when optimised, and about twenty times that when not.
  static let size = 50_000_000

  @Test("are read from a file, and memory grows with the hosts only")
  func largeFile() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("v6audit-large-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appendingPathComponent("hosts.csv").path
    let count = try writeHosts(to: path)

    let read = try InventoryReader.read(directory: directory.path)
    #expect(read.inventory.hosts.count == count)
    #expect(read.inventory.agencies.count == 85)
    let last = try #require(read.inventory.hosts.last)
    #expect(last.id == String(format: "host-%07d", count - 1))
    #expect(last.contact == "Phòng \"Mạng\", tầng 2\nGiảng Võ")
    #expect(last.addresses.count == 2)
    #expect(read.notices.isEmpty)
  }

  @Test("full of faults give the first thousand of a file and the number of the rest")
  func manyFaults() throws {
    let rows = (0..<2_000).map { "h\($0),a1,fe80::\($0)%eth0\n" }.joined()
    let error = try #require(throws: InventoryErrors.self) {
      try TestData.read(hosts: "host,agency,addresses\n" + rows)
    }
    #expect(error.problems.count == InventoryErrors.limitPerFile)
    #expect(error.problems.last?.line == 1_001)
    #expect(error.omitted == 1_000)
    #expect(error.description.hasSuffix("\nand 1000 more; mend these first"))
  }

  @Test("with thousands of dangling references are answered at once")
  func manyDanglingReferences() throws {
    let files: [InventoryFile: [UInt8]] = [
      .agencies: Array(("agency,name\n" + (0..<2_000).map { "agency-\($0),N\n" }.joined()).utf8),
      .hosts: Array(("host,agency\n" + (0..<2_000).map { "h\($0),agenyc-\($0)\n" }.joined()).utf8),
    ]
    let error = try #require(throws: InventoryErrors.self) { try InventoryReader.read(files: files) }
    #expect(error.problems.count + error.omitted == 2_000)
    #expect(error.problems[0].remedy == "declare it in agencies.csv, or write agency-0 if that is meant")
  }

  @Test("with a chain of twenty thousand parents are walked without recursion")
  func longChain() throws {
    let count = 20_000
    let chain = (0..<count).map { "a\($0),N,\($0 + 1 < count ? "a\($0 + 1)" : "")\n" }.joined()
    let ring = chain.dropLast(1) + "a0\n"
    let hosts = Array("host,agency\nh,a0\n".utf8)
    let read = try InventoryReader.read(
      files: [.agencies: Array(("agency,name,parent\n" + chain).utf8), .hosts: hosts])
    #expect(read.inventory.agencies.count == count)
    let error = try #require(throws: InventoryErrors.self) {
      try InventoryReader.read(files: [.agencies: Array(("agency,name,parent\n" + ring).utf8), .hosts: hosts])
    }
    #expect(error.problems.count == 1)
    #expect(error.problems[0].why.hasPrefix("it leads in a circle: a0 → a1 → "))
    #expect(error.problems[0].why.hasSuffix("a11 → … → a0"))
  }

  /// Writes hosts until the file has its size; how many there are.
  private func writeHosts(to path: String) throws -> Int {
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let file = try #require(FileHandle(forWritingAtPath: path))
    defer { try? file.close() }
    try file.write(contentsOf: Data("host,agency,names,addresses,services,contact\n".utf8))
    var (written, count) = (0, 0)
    var text = ""
    while written < Self.size {
      let (high, low) = (String(count >> 16, radix: 16), String(count & 0xffff, radix: 16))
      text += String(format: "host-%07d,agency-%02d,", count, count % 85)
      text += "host-\(count).large.example,2001:db8:\(high):\(low)::1 2001:db8:\(high):\(low)::2,"
      text += "http https ssh,\"Phòng \"\"Mạng\"\", tầng 2\nGiảng Võ\"\n"
      count += 1
      if text.utf8.count > 1 << 16 || written + text.utf8.count >= Self.size {
        try file.write(contentsOf: Data(text.utf8))
        written += text.utf8.count
        text = ""
      }
    }
    return count
  }
}
