import Foundation
import Testing

@testable import Import
@testable import Inventory

@Suite("Imports")
struct ImporterTests {
  let directory: String

  init() throws {
    directory =
      FileManager.default.temporaryDirectory.appendingPathComponent("v6audit-import-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  private func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
    let path = "\(directory)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  private struct Read {
    var inventory = Inventory()
    var notices: [String] = []
    var whole: Set<InventoryFile> = []
  }

  private func read(
    _ path: String, known: Set<String> = [], _ change: (inout ImportOptions) -> Void = { _ in }
  ) throws -> Read {
    defer { try? FileManager.default.removeItem(atPath: directory) }
    var options = ImportOptions()
    change(&options)
    var result = Read()
    let summary = try Importer.read(path, options, known: known) { row, _ in result.inventory.append(row) }
    result.notices = summary.notices.map { "\($0.line):\($0.column): \($0.what): \($0.why); \($0.remedy)" }
    result.whole = summary.whole
    return result
  }

  private func problems(_ path: String, _ change: (inout ImportOptions) -> Void = { _ in }) -> String {
    do {
      _ = try read(path, change)
      return ""
    } catch {
      return "\(error)".replacingOccurrences(of: directory + "/", with: "")
    }
  }

  @Test(
    "A spreadsheet as an agency sends it: UTF-16, semicolons, Vietnamese headings, capitals, other separators"
  )
  func spreadsheet() throws {
    let text = """
      Tên máy;Cơ quan;Địa chỉ;Dịch vụ;MAC;Ghi chú;\r
      Portal-01;so-tttt;2001:DB8:1::11, 198.18.1.11;HTTP https;00-00-5E-00-53-11;"máy ""chủ"" chính";\r
      portal-02 ;so-tttt;2001:db8:1::12/64;https;0000.5e00.5312;;\r
      ;;;;;;\r

      """
    let units = [UInt16(0xfeff)] + Array(text.decomposedStringWithCanonicalMapping.utf16)
    let path = try write(units.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }, as: "may-chu.csv")
    let read = try read(path) { options in
      options.headings = [
        "Tên máy": "host", "Cơ quan": "agency", "Địa chỉ": "addresses", "Dịch vụ": "services", "MAC": "mac",
      ]
    }
    #expect(read.inventory.agencies.map(\.id) == ["so-tttt"])
    #expect(read.inventory.hosts.map(\.id) == ["portal-01", "portal-02"])
    #expect(
      read.inventory.hosts.map { $0.addresses.map(\.description) } == [
        ["198.18.1.11", "2001:db8:1::11"], ["2001:db8:1::12"],
      ])
    #expect(read.inventory.hosts.map { $0.mac?.description } == ["00:00:5e:00:53:11", "00:00:5e:00:53:12"])
    #expect(read.inventory.hosts[0].extra == [ExtraCell(column: "Ghi chú", value: "máy \"chủ\" chính")])
    #expect(read.whole.isEmpty)
    #expect(
      read.notices == [
        "2:1: host \"Portal-01\": ids are written in lower case; it was read as \"portal-01\"",
        "2:47: service \"HTTP\": services are written in lower case; it was read as \"http\"",
        "3:1: host \"portal-02 \": it has white space around it; it was read as \"portal-02\"",
        "3:20: address \"2001:db8:1::12/64\": it has a prefix length; it was read as \"2001:db8:1::12\"",
        "3:44: mac \"0000.5e00.5312\": it is not written in pairs; it was read as \"00:00:5e:00:53:12\"",
      ])
  }

  @Test("Windows 1258, tabs, dates and percentages as a spreadsheet writes them")
  func oldSpreadsheet() throws {
    // "Sở" in Windows 1258.
    let agencies =
      Array("agency\tname\tdeclared_percent\nso-tttt\t".utf8) + [0x53, 0xf5, 0xd2]
      + Array(" TT\t98,8 %\n".utf8)
    _ = try write(agencies, as: "agencies.csv")
    _ = try write(
      "subject\towner\treason\texpires\nso-tttt\tA\tB\t03/04/2027\nso-tttt\tA\tB\t46752\nso-tttt\tA\tB\t31/12/2029\n"
        .utf8,
      as: "waivers.csv")
    let read = try read(directory)
    #expect(read.inventory.agencies.map(\.name) == ["Sở TT"])
    #expect(read.inventory.agencies.map(\.declaredHundredths) == [9880])
    #expect(read.inventory.waivers.map(\.expires.description) == ["2027-04-03", "2027-12-31", "2029-12-31"])
    #expect(read.whole == [.agencies, .waivers])
    #expect(read.notices.count == 4)
  }

  @Test("Our own files are read as they are: what a list holds is not taken apart")
  func ownFiles() throws {
    let path = try write("host,agency,tags\nh1,x,\"a,b c;d\"\n".utf8, as: "hosts.csv")
    #expect(try read(path).inventory.hosts.map(\.tags) == [["a,b", "c;d"]])
    #expect(
      problems(try ImporterTests().write("host,agency\nH1,x\n".utf8, as: "hosts.csv")).contains("write h1"))
  }

  @Test("Which table it is, is told by its columns; where none fits, the remedy names what is needed")
  func whichTable() throws {
    #expect(try read(write("zone,agency\nhanoi.example,x\n".utf8, as: "a.csv")).inventory.zones.count == 1)
    let other = try ImporterTests()
    #expect(
      try other.read(other.write("Prefix;Agency;Site\n2001:db8::/32;x;Hòa Lạc\n".utf8, as: "a.csv")).inventory
        .prefixes.count == 1)
    let third = try ImporterTests()
    let said = third.problems(try third.write("Tên;Cơ quan\nh1;x\n".utf8, as: "a.csv"))
    #expect(
      said.hasPrefix(
        "a.csv:1:1: header \"Tên | Cơ quan\": it is that of no table of an inventory; name its columns"))
  }

  @Test("Excel's line about the separator")
  func separatorLine() throws {
    let path = try write("sep=;\r\nhost;agency\r\nh1;x\r\n".utf8, as: "hosts.csv")
    #expect(try read(path).inventory.hosts.map(\.id) == ["h1"])
  }

  @Test("An agency that is declared already is not made anew by a host that names it")
  func knownAgencies() throws {
    let path = try write("host,agency\nh1,x\nh2,y\n".utf8, as: "hosts.csv")
    #expect(try read(path, known: ["x"]).inventory.agencies.map(\.id) == ["y"])
  }

  @Test("Other programs' files need to be told whose hosts they list")
  func agency() throws {
    let path = try write("2001:db8::1 a.example\n".utf8, as: "hosts")
    let read = try read(path) { $0.agency = "x" }
    #expect(read.inventory.hosts.map(\.id) == ["a.example"])
    #expect(read.inventory.hosts.map(\.agency) == ["x"])
    let other = try ImporterTests()
    let said = other.problems(try other.write("2001:db8::1 a.example\n".utf8, as: "hosts"))
    #expect(said == "hosts: file: it does not say whose hosts these are; give --agency ID")
  }

  @Test("A zone brings its hosts and itself")
  func zone() throws {
    let path = try write("@ SOA ns a 1 2 3 4 5\nwww AAAA 2001:db8::1\n".utf8, as: "db.hanoi.example")
    let read = try read(path) { options in
      options.agency = "x"
      options.origin = "hanoi.example"
    }
    #expect(read.inventory.zones == [Zone(name: "hanoi.example", agency: "x")])
    #expect(read.inventory.hosts.map(\.names) == [["www.hanoi.example"]])
  }

  @Test("What is not there is said")
  func missing() throws {
    let nowhere = try ImporterTests()
    #expect(
      nowhere.problems(directory + "/none.csv").hasSuffix(
        "none.csv: file: there is none; create it as docs/inventory.md shows"))
    #expect(problems(directory).contains("it has no table of an inventory"))
  }
}
