import GRDB
import Inventory

extension Store {
  /// What a declaration came to.
  public struct Declared: Sendable, Hashable {
    /// The revision that it made; `nil` where it changes nothing, and for a trial.
    public let revision: Revision?
    /// Rows that it adds.
    public let added: Int
    /// Rows that it changes.
    public let changed: Int
    /// Rows that it removes.
    public let removed: Int
  }

  /// Makes rows the declared inventory, all of them or none, in one transaction. The same rows again make no revision.
  ///
  /// - Parameters:
  ///   - rows: hands over the rows, in any order; each once, with what it says nothing of. It returns the files that it has all rows of: those that are
  ///     declared and not among them go. Rows of other files are added or changed, and none goes.
  ///   - change: told of each row that changes, file by file in their order.
  ///   - check: looks at the whole that comes of it, before it holds; what it throws takes everything back.
  public func declare(
    _ declaration: Declaration,
    rows: (@escaping (RowText, RowSilence) throws -> Void) throws -> Set<InventoryFile>,
    change: (RowChange) throws -> Void = { _ in },
    check: (DeclaredInventory) throws -> Void = { _ in }
  ) throws(StoreError) -> Declared {
    try writeAtWill { db in
      try DeclaredRow.makeRoom(in: db)
      let whole = try rows { try DeclaredRow.take($0, $1, in: db) }
      let counts = try DeclaredRow.count(whole, in: db)
      try DeclaredRow.changes(whole, in: db, change)
      let isSame = counts == (0, 0, 0)
      var revision: Revision?
      if !isSame {
        let made = try DeclaredRow.insert(declaration, counts, into: db)
        try DeclaredRow.replace(whole, revision: made.number, in: db)
        try check(DeclaredInventory(db: db, revision: nil))
        if !declaration.isTrial { revision = made }
      }
      try db.execute(sql: "DELETE FROM temp.incoming")
      let declared = Declared(
        revision: revision, added: counts.added, changed: counts.changed, removed: counts.removed)
      return (isSame || declaration.isTrial ? .rollback : .commit, declared)
    }
  }

  /// Every revision, the oldest first.
  public func revisions() throws(StoreError) -> [Revision] {
    try read { try DeclaredRow.revisions(from: $0) }
  }

  /// What revisions did to the rows that are called so, the oldest first.
  public func life(of key: String) throws(StoreError) -> [DatedChange] {
    try read { try DeclaredRow.life(of: key, from: $0) }
  }

  /// The declared inventory as of a revision; `nil`: now.
  public func withDeclared<Value>(
    as revision: Int64? = nil, _ body: (DeclaredInventory) throws -> Value
  ) throws(StoreError) -> Value {
    try read { try body(DeclaredInventory(db: $0, revision: revision)) }
  }
}

/// The declared inventory at one moment, while the store is read.
public struct DeclaredInventory {
  let db: Database
  let revision: Int64?

  /// The bytes of a file as it is written, a piece at a time.
  package func bytes(of file: InventoryFile) throws -> any ByteSource {
    DeclaredBytes(
      rows: try DeclaredRow.rows(of: file, as: revision, from: db),
      writer: RowTextWriter(file, extraNames: try DeclaredRow.extraNames(of: file, as: revision, from: db)))
  }

  /// The rows of a file in their order.
  public func forEachRow(of file: InventoryFile, _ body: (RowText) throws -> Void) throws {
    try DeclaredRow.rows(of: file, as: revision, from: db).forEach(body)
  }

  /// What its rows are called.
  public func keys(of file: InventoryFile) throws -> Set<String> { try DeclaredRow.keys(of: file, from: db) }
}

/// A file of the declared inventory, row by row from the store.
private final class DeclaredBytes: ByteSource {
  private let rows: AnyCursor<RowText>
  private var writer: RowTextWriter
  private var ready: [UInt8] = []
  private var next = 0

  init(rows: AnyCursor<RowText>, writer: RowTextWriter) { (self.rows, self.writer) = (rows, writer) }

  func read(into buffer: inout [UInt8], from start: Int) throws(FileFailure) -> Int {
    if next == ready.count {
      do {
        while writer.bytes.count < 1 << 16, let row = try rows.next() { writer.add(row) }
      } catch {
        throw .system("\(error)")
      }
      (ready, next) = (writer.take(), 0)
    }
    let count = min(ready.count - next, buffer.count - start)
    buffer.replaceSubrange(start..<start + count, with: ready[next..<next + count])
    next += count
    return count
  }
}
