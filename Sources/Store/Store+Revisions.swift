import GRDB
import Inventory

extension Store {
  /// What a declaration came to.
  public struct Declared: Sendable, Hashable {
    /// The revision that it made; `nil` where it changes nothing, and for a trial.
    public let revision: Revision?
    /// How many rows it adds, changes and removes.
    public let added: Int
    public let changed: Int
    public let removed: Int
  }

  /// Makes rows the declared inventory, all of them or none, in one transaction. The same rows again make no revision.
  ///
  /// - Parameters:
  ///   - rows: hands over the rows, in any order; each once.
  ///   - change: told of each row that changes, file by file in their order.
  ///   - check: looks at the whole that comes of it, before it holds; what it throws takes everything back.
  public func declare(
    _ declaration: Declaration, rows: ((RowText) throws -> Void) throws -> Void,
    change: (RowChange) throws -> Void = { _ in },
    check: (DeclaredInventory) throws -> Void = { _ in }
  ) throws(StoreError) -> Declared {
    try writeAtWill { db in
      try DeclaredRow.makeRoom(in: db)
      try rows { try DeclaredRow.take($0, in: db) }
      let counts = try DeclaredRow.count(declaration.whole, in: db)
      try DeclaredRow.changes(declaration.whole, in: db, change)
      let isSame = counts == (0, 0, 0)
      var revision: Revision?
      if !isSame {
        let made = try DeclaredRow.insert(declaration, counts, into: db)
        try DeclaredRow.replace(declaration.whole, revision: made.number, in: db)
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
  public func revisions() throws(StoreError) -> [Revision] { try read { try DeclaredRow.revisions(from: $0) } }

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

/// The declared inventory at one moment, to be read a row at a time.
public struct DeclaredInventory {
  let db: Database
  let revision: Int64?

  /// Hands over the rows of a file in their order.
  public func rows(of file: InventoryFile, _ body: (RowText) throws -> Void) throws {
    try DeclaredRow.rows(of: file, as: revision, from: db, body)
  }
}
