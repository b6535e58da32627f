import Foundation
import Testing
import Wire

@testable import Discovery

@Suite("Vendors")
struct VendorsTests {
  @Test("The longest assignment holds, and addresses made up by software are nobody's")
  func lookUp() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
      "v6audit-oui-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let header = "Registry,Assignment,Organization Name,Organization Address\r\n"
    let files = [
      "oui.csv": "MA-L,001122,\"Example, Ltd\",X\r\nMA-L,0050C2,IEEE Registration Authority,X\r\n",
      "oui36.csv": "MA-S,0050C2ABC,Little Example,\"Two\r\nlines\"\r\n",
    ]
    for (name, rows) in files {
      try (header + rows).write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
    }
    let interfaces = [
      "00:11:22:33:44:55", "00:50:c2:ab:cd:ef", "00:50:c2:00:00:01", "02:11:22:33:44:55", "00:99:99:00:00:00",
    ]
    .compactMap { MACAddress($0) }
    let vendors = Vendors(of: interfaces, directory: directory)
    #expect(
      interfaces.map { vendors.name(of: $0) } == [
        "Example, Ltd", "Little Example", "IEEE Registration Authority", nil, nil,
      ])
    #expect(vendors.missing == ["\(directory)/mam.csv: there is none"])
  }
}
