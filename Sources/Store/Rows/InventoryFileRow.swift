import Foundation
import GRDB

/// Rows of `run_inventory` and `inventory_file`: which files a run measured, and each content once.
enum InventoryFileRow {
  static func insert(_ files: [StoredFile], run: Int64, into db: Database) throws {
    for file in files {
      let sha256 = file.sha256
      try db.execute(
        sql: "INSERT INTO inventory_file (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING",
        arguments: [sha256, Data(file.bytes)])
      try db.execute(
        sql: "INSERT INTO run_inventory (run, name, sha256) VALUES (?, ?, ?)",
        arguments: [run, file.name, sha256])
    }
  }

  static func fetch(run: Int64, from db: Database, path: String) throws -> [StoredFile] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT name, sha256, bytes FROM run_inventory JOIN inventory_file USING (sha256)
        WHERE run = ? ORDER BY name
        """,
      arguments: [run])
    var files: [StoredFile] = []
    while let row = try rows.next() {
      let reader = RowReader(row: row, what: "file of the inventory")
      let file = StoredFile(name: try reader.text(0), bytes: [UInt8](try reader.bytes(2)))
      guard try reader.text(1) == file.sha256 else {
        throw StoreError.corrupt(path: path, why: "\(file.name) does not match its SHA-256")
      }
      files.append(file)
    }
    return files
  }
}
