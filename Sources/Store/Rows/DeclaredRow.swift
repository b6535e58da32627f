import GRDB
import Inventory
import Observations

/// Rows of `declared` and `revision`.
enum DeclaredRow {
  /// What `RowText` has, in its order.
  private static let columns = "file, key, place, cells, extra_names, extra_cells"

  // MARK: - What comes in

  /// Makes room for rows that come in, and takes none from before.
  static func makeRoom(in db: Database) throws {
    try db.execute(
      sql: """
        CREATE TEMP TABLE IF NOT EXISTS incoming (
          file TEXT NOT NULL, place TEXT NOT NULL, key TEXT NOT NULL, cells TEXT NOT NULL,
          extra_names TEXT NOT NULL, extra_cells TEXT NOT NULL, PRIMARY KEY (file, place)
        ) WITHOUT ROWID;
        DELETE FROM temp.incoming;
        """)
  }

  /// Takes a row; where it says nothing, what is declared stays.
  static func take(_ row: RowText, _ silence: RowSilence, in db: Database) throws {
    var row = row
    if silence != .nothing, let declared = try current(row.file, place: row.place, in: db) {
      row = row.keeping(silence, of: declared)
    }
    let statement = try db.cachedStatement(
      sql: "INSERT INTO temp.incoming (\(columns)) VALUES (?, ?, ?, ?, ?, ?)")
    try statement.execute(arguments: [
      name(row.file), row.key, row.place, row.cells, row.extraNames, row.extraCells,
    ])
  }

  /// The row that is declared at a place.
  private static func current(_ file: InventoryFile, place: String, in db: Database) throws -> RowText? {
    let statement = try db.cachedStatement(
      sql: """
        SELECT key, place, cells, extra_names, extra_cells FROM declared
        WHERE until IS NULL AND file = ? AND place = ?
        """)
    return try Row.fetchOne(statement, arguments: [name(file), place]).flatMap { try text($0, file, from: 0) }
  }

  /// What makes a row that came in another one than that which is declared.
  private static let differs =
    "(i.cells <> d.cells OR i.extra_names <> d.extra_names OR i.extra_cells <> d.extra_cells)"
  private static let beside = """
    temp.incoming i LEFT JOIN declared d ON d.until IS NULL AND d.file = i.file AND d.place = i.place
    """

  /// Rows that are declared and would go.
  private static func goes(_ whole: Set<InventoryFile>) -> String {
    let files = whole.map { "'\(name($0))'" }.sorted().joined(separator: ", ")
    return """
      d.until IS NULL AND d.file IN (\(files))
      AND NOT EXISTS (SELECT 1 FROM temp.incoming i WHERE i.file = d.file AND i.place = d.place)
      """
  }

  /// How many rows would be added, changed and removed.
  static func count(_ whole: Set<InventoryFile>, in db: Database) throws -> (
    added: Int, changed: Int, removed: Int
  ) {
    let added = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(beside) WHERE d.number IS NULL") ?? 0
    let changed =
      try Int.fetchOne(db, sql: "SELECT count(*) FROM \(beside) WHERE d.number IS NOT NULL AND \(differs)")
      ?? 0
    let removed = try Int.fetchOne(db, sql: "SELECT count(*) FROM declared d WHERE \(goes(whole))") ?? 0
    return (added, changed, removed)
  }

  /// What would change, file by file and in the order of the rows.
  static func changes(
    _ whole: Set<InventoryFile>, in db: Database, _ body: (RowChange) throws -> Void
  ) throws {
    for file in InventoryFile.allCases {
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT d.key, d.place, d.cells, d.extra_names, d.extra_cells, i.key, i.place, i.cells, i.extra_names, \
          i.extra_cells, i.place AS at FROM \(beside) WHERE i.file = ?1 AND (d.number IS NULL OR \(differs))
          UNION ALL
          SELECT d.key, d.place, d.cells, d.extra_names, d.extra_cells, NULL, NULL, NULL, NULL, NULL, d.place
          FROM declared d WHERE d.file = ?1 AND \(goes(whole)) ORDER BY at
          """, arguments: [name(file)])
      while let row = try rows.next() {
        try body(RowChange(before: try text(row, file, from: 0), after: try text(row, file, from: 5)))
      }
    }
  }

  /// Makes what came in what is declared.
  static func replace(_ whole: Set<InventoryFile>, revision: Int64, in db: Database) throws {
    try db.execute(
      sql: "UPDATE declared AS d SET until = ? WHERE \(goes(whole))", arguments: [revision])
    try db.execute(
      sql: """
        UPDATE declared AS d SET until = ? FROM temp.incoming i
        WHERE d.until IS NULL AND d.file = i.file AND d.place = i.place AND \(differs)
        """, arguments: [revision])
    try db.execute(
      sql: """
        INSERT INTO declared (\(columns), since)
        SELECT i.file, i.key, i.place, i.cells, i.extra_names, i.extra_cells, ? FROM \(beside) WHERE d.number IS NULL
        """, arguments: [revision])
  }

  // MARK: - Revisions

  static func insert(
    _ declaration: Declaration, _ counts: (added: Int, changed: Int, removed: Int), into db: Database
  ) throws -> Revision {
    try db.execute(
      sql: "INSERT INTO revision (at, by, source, added, changed, removed) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        declaration.at.microseconds, declaration.by, declaration.source, counts.added, counts.changed,
        counts.removed,
      ])
    return Revision(
      number: db.lastInsertedRowID, at: declaration.at, by: declaration.by, source: declaration.source,
      added: counts.added, changed: counts.changed, removed: counts.removed)
  }

  static func revisions(from db: Database) throws -> [Revision] {
    try Row.fetchAll(db, sql: "SELECT * FROM revision ORDER BY number").map(revision)
  }

  private static func revision(_ row: Row) throws -> Revision {
    let reader = RowReader(row: row, what: "revision \(row[0] as Int64? ?? 0)")
    return Revision(
      number: try reader.integer(0), at: Timestamp(microseconds: try reader.integer(1)),
      by: try reader.text(2),
      source: try reader.text(3), added: Int(try reader.integer(4)), changed: Int(try reader.integer(5)),
      removed: Int(try reader.integer(6)))
  }

  /// The life of rows with this key, the oldest change first.
  static func life(of key: String, from db: Database) throws -> [DatedChange] {
    let revisions = Dictionary(uniqueKeysWithValues: try revisions(from: db).map { ($0.number, $0) })
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT key, place, cells, extra_names, extra_cells, file, since, until FROM declared WHERE key = ?
        ORDER BY since, number
        """, arguments: [key])
    // What ended and what began in one revision in one file is a change.
    var changes: [Step: RowChange] = [:]
    for row in rows {
      let reader = RowReader(row: row, what: "row \(key)")
      let file = try file(try reader.text(5))
      let text = try text(row, file, from: 0)
      let (since, until) = (try reader.integer(6), row[7] as Int64?)
      let begins = Step(revision: since, file: file)
      changes[begins] = RowChange(before: changes[begins]?.before, after: text)
      if let until {
        let ends = Step(revision: until, file: file)
        changes[ends] = RowChange(before: text, after: changes[ends]?.after)
      }
    }
    return changes.sorted {
      ($0.key.revision, $0.key.file.rawValue) < ($1.key.revision, $1.key.file.rawValue)
    }
    .compactMap { step, change in
      revisions[step.revision].map { DatedChange(revision: $0, change: change) }
    }
  }

  private struct Step: Hashable {
    var revision: Int64
    var file: InventoryFile
  }

  // MARK: - What is declared

  /// The rows of a file as of a revision, in their order; `nil`: now.
  static func rows(
    of file: InventoryFile, as revision: Int64?, from db: Database
  ) throws -> AnyCursor<RowText> {
    let (holds, arguments) = holding(file, revision)
    let rows = try Row.fetchCursor(
      db,
      sql: "SELECT key, place, cells, extra_names, extra_cells FROM declared WHERE \(holds) ORDER BY place",
      arguments: arguments)
    return AnyCursor(rows.compactMap { try text($0, file, from: 0) })
  }

  /// Each list of names of other columns, in the order in which rows first have it.
  static func extraNames(of file: InventoryFile, as revision: Int64?, from db: Database) throws -> [String] {
    let (holds, arguments) = holding(file, revision)
    return try String.fetchAll(
      db, sql: "SELECT extra_names FROM declared WHERE \(holds) GROUP BY extra_names ORDER BY min(place)",
      arguments: arguments)
  }

  private static func holding(_ file: InventoryFile, _ revision: Int64?) -> (String, StatementArguments) {
    guard let revision else { return ("file = ? AND until IS NULL", [name(file)]) }
    return ("file = ? AND since <= ? AND (until IS NULL OR until > ?)", [name(file), revision, revision])
  }

  /// Ids of all rows of a file.
  static func keys(of file: InventoryFile, from db: Database) throws -> Set<String> {
    try String.fetchSet(
      db, sql: "SELECT key FROM declared WHERE file = ? AND until IS NULL", arguments: [name(file)])
  }

  private static func text(_ row: Row, _ file: InventoryFile, from column: Int) throws -> RowText? {
    if (row[column] as String?) == nil { return nil }
    let reader = RowReader(row: row, what: "declared row")
    return RowText(
      file: file, key: try reader.text(column), place: try reader.text(column + 1),
      cells: try reader.text(column + 2),
      extraNames: try reader.text(column + 3), extraCells: try reader.text(column + 4))
  }

  /// `hosts` for `hosts.csv`.
  private static func name(_ file: InventoryFile) -> String { String(file.name.dropLast(4)) }

  private static func file(_ name: String) throws -> InventoryFile {
    guard let file = InventoryFile.allCases.first(where: { self.name($0) == name }) else {
      throw UnreadableRow(what: "declared row", why: "there is no file \(name)")
    }
    return file
  }
}
