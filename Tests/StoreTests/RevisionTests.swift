import Foundation
import Inventory
import Observations
import SeededRandom
import Store
import Testing
import Wire

/// The declared inventory over time.
@Suite struct RevisionTests {
  let scratch: Scratch
  let store: Store

  init() throws {
    scratch = try Scratch()
    store = try Store(path: scratch.path)
  }

  private static func host(_ id: String, _ contact: String = "") -> RowText {
    RowText(.host(Host(id: id, agency: "x", contact: contact)))
  }

  private func declare(
    _ rows: [RowText], whole: Set<InventoryFile> = [], at seconds: Int64 = 1, isTrial: Bool = false,
    silence: RowSilence = .nothing,
    change: (RowChange) -> Void = { _ in }, check: (DeclaredInventory) throws -> Void = { _ in }
  ) throws -> Store.Declared {
    try store.declare(
      Declaration(by: "lan", source: "test", at: Timestamp(seconds: seconds), isTrial: isTrial),
      rows: { take in
        for row in rows { try take(row, silence) }
        return whole
      }, change: change, check: check)
  }

  private func hosts(_ revision: Int64? = nil) throws -> [RowText] {
    var rows: [RowText] = []
    try store.withDeclared(as: revision) { try $0.forEachRow(of: .hosts) { rows.append($0) } }
    return rows
  }

  @Test func whereARowSaysNothingWhatIsDeclaredStays() throws {
    let host = Host(
      id: "web", agency: "x", site: "dc1", names: ["web.example"], contact: "an",
      extra: [ExtraCell(column: "rack", value: "7"), ExtraCell(column: "owner", value: "b")])
    _ = try declare([RowText(.host(host))])
    let names = InventoryFile.hosts.columns.map(\.name)
    // A table with ids, agencies, contacts and racks alone.
    let there = ["host", "agency", "contact"]
    let missing = names.indices.filter { !there.contains(names[$0]) }
    let few = Host(id: "web", agency: "y", extra: [ExtraCell(column: "rack", value: "8")])
    _ = try declare([RowText(.host(few))], silence: .columns(missing))
    var wanted = host
    (wanted.agency, wanted.contact, wanted.extra[0].value) = ("y", "", "8")
    #expect(try hosts() == [RowText(.host(wanted))])
    // What nmap lists has no contacts and names.
    let address = try #require(IPAddress("2001:db8::1"))
    _ = try declare(
      [RowText(.host(Host(id: "web", agency: "y", addresses: [address])))], silence: .emptyCells)
    wanted.addresses = [address]
    #expect(try hosts() == [RowText(.host(wanted))])
    _ = try declare([RowText(.host(few))])
    #expect(try hosts() == [RowText(.host(few))])
  }

  @Test func sameRowsMakeNoRevision() throws {
    let rows = [Self.host("web"), Self.host("mail")]
    #expect(try declare(rows).revision?.number == 1)
    #expect(try declare(rows.reversed()).revision == nil)
    #expect(try declare(rows, whole: [.hosts]).revision == nil)
    #expect(try declare([]).revision == nil)
    #expect(try store.revisions().count == 1)
    #expect(try hosts() == [Self.host("mail"), Self.host("web")])
  }

  @Test func wholeFilesLoseRowsAndOthersDoNot() throws {
    _ = try declare([Self.host("a"), Self.host("b"), RowText(.agency(Agency(id: "x", name: "X")))])
    let added = try declare([Self.host("b", "1"), Self.host("c")])
    #expect((added.added, added.changed, added.removed) == (1, 1, 0))
    var seen: [RowChange] = []
    let whole = try declare([Self.host("b", "2")], whole: [.hosts], change: { seen.append($0) })
    #expect((whole.added, whole.changed, whole.removed) == (0, 1, 2))
    #expect(
      seen == [
        RowChange(before: Self.host("a"), after: nil),
        RowChange(before: Self.host("b", "1"), after: Self.host("b", "2")),
        RowChange(before: Self.host("c"), after: nil),
      ])
    #expect(try hosts() == [Self.host("b", "2")])
    #expect(try store.withDeclared { try $0.keys(of: .agencies) } == ["x"])
  }

  @Test func anyRevisionCanBeReadAgain() throws {
    var random = SplitMix64(seed: 7)
    var held: [[RowText]] = [[]]
    for _ in 0..<40 {
      let rows = (0..<20).filter { _ in random.onceIn(2) }.map { Self.host("h\($0)", "\(random.below(3))") }
      guard try declare(rows, whole: [.hosts]).revision != nil else { continue }
      held.append(rows.sorted { $0.place < $1.place })
    }
    for (revision, rows) in held.enumerated() { #expect(try hosts(Int64(revision)) == rows) }
  }

  @Test func trialsAndRefusalsChangeNothing() throws {
    _ = try declare([Self.host("a")])
    let trial = try declare([Self.host("b")], whole: [.hosts], isTrial: true)
    #expect((trial.added, trial.changed, trial.removed) == (1, 0, 1))
    #expect(trial.revision == nil)
    struct Refused: Error {}
    #expect(throws: StoreError.self) {
      try declare(
        [Self.host("b")],
        check: { inventory in
          // It sees what would be.
          #expect(try inventory.keys(of: .hosts) == ["a", "b"])
          throw Refused()
        })
    }
    #expect(throws: StoreError.self) { try declare([Self.host("c"), Self.host("c")]) }
    #expect(try hosts() == [Self.host("a")])
    #expect(try store.revisions().count == 1)
    #expect(try declare([Self.host("b")]).revision?.number == 2)
  }

  @Test func aRowHasALife() throws {
    _ = try declare([Self.host("a"), Self.host("b")], at: 1)
    _ = try declare([Self.host("a", "1")], at: 2)
    _ = try declare([], whole: [.hosts], at: 3)
    _ = try declare([Self.host("a", "2")], at: 4)
    let life = try store.life(of: "a")
    #expect(life.map(\.revision.number) == [1, 2, 3, 4])
    #expect(life.map(\.revision.at) == [1, 2, 3, 4].map { Timestamp(seconds: $0) })
    #expect(
      life.map(\.change) == [
        RowChange(before: nil, after: Self.host("a")),
        RowChange(before: Self.host("a"), after: Self.host("a", "1")),
        RowChange(before: Self.host("a", "1"), after: nil),
        RowChange(before: nil, after: Self.host("a", "2")),
      ])
    #expect(try store.life(of: "never").isEmpty)
  }

  @Test func filesComeAsTheyAreWritten() throws {
    let inventory = Inventory(
      agencies: [Agency(id: "x", name: "Sở, \"X\"")],
      hosts: [
        Host(id: "a", agency: "x", extra: [ExtraCell(column: "note", value: "1")]),
        Host(id: "b", agency: "x"),
      ])
    let rows = inventory.agencies.map { RowText(.agency($0)) } + inventory.hosts.map { RowText(.host($0)) }
    _ = try declare(rows)
    for file in InventoryFile.allCases {
      let bytes = try store.withDeclared { inventory in
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16)
        let source = try inventory.bytes(of: file)
        while case let count = try source.read(into: &buffer, from: 0), count > 0 {
          result += buffer[..<count]
        }
        return result
      }
      #expect(bytes == InventoryWriter.bytes(of: file, in: inventory))
    }
  }
}
