import GRDB

/// One step from one released schema to the next.
struct Migration: Sendable {
  /// Its name in the database, for ever.
  let name: String
  /// The SQL that takes the step.
  let sql: String
}

/// The schema as the list of steps that led to it. It only grows: a step that was released is never changed,
/// removed or moved, because stores in the field have taken it already. `docs/store.md` describes the result.
enum Schema {
  /// Every step, in order. A new one is a new file beside this and a line at the end.
  static let migrations = [firstSchema, secondSchema, thirdSchema, fourthSchema, fifthSchema, sixthSchema]

  /// `PRAGMA application_id`: "v6AU". It tells a store from every other SQLite database before anything is
  /// written to it.
  static let applicationID: Int64 = 0x7636_4155

  /// Takes the steps that are missing, each in a transaction of its own.
  static func bringForward(_ queue: DatabaseQueue) throws {
    var migrator = DatabaseMigrator()
    for migration in migrations {
      migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
    }
    try migrator.migrate(queue)
  }

  /// Refuses a schema that knows steps this version does not; with `complete`, also one that lacks some.
  static func check(_ db: Database, path: String, complete: Bool) throws {
    let taken =
      try db.tableExists("grdb_migrations")
      ? String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier") : []
    let known = migrations.map(\.name)
    let unknown = taken.filter { !known.contains($0) }
    if !unknown.isEmpty { throw StoreError.newerSchema(path: path, migrations: unknown) }
    let missing = known.filter { !taken.contains($0) }
    if complete && !missing.isEmpty { throw StoreError.olderSchema(path: path, migrations: missing) }
  }
}
