extension Schema {
  /// The rounds of a daemon: runs of one class of checks, second looks, and what all of them together say of each host
  /// by now. `standing` is the one table that is written over; it can be made again from the runs.
  static let thirdSchema = Migration(
    name: "0003-rounds",
    sql: """
      ALTER TABLE run ADD COLUMN round TEXT NOT NULL DEFAULT 'full'
        CHECK (round IN ('full', 'reach', 'names', 'services', 'exposure'));
      ALTER TABLE run ADD COLUMN is_retest INTEGER NOT NULL DEFAULT 0 CHECK (is_retest IN (0, 1));

      CREATE TABLE standing (
        vantage TEXT NOT NULL,
        host TEXT NOT NULL,
        check_id TEXT NOT NULL,
        verdict TEXT NOT NULL,
        reason TEXT NOT NULL,
        subject TEXT NOT NULL,
        observed_at INTEGER,
        run TEXT NOT NULL,
        holds INTEGER CHECK (holds IN (0, 1)),
        since INTEGER,
        pending_rounds INTEGER NOT NULL,
        pending_since INTEGER,
        over_ipv4 INTEGER CHECK (over_ipv4 IN (0, 1)),
        PRIMARY KEY (vantage, host, check_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE change (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        vantage TEXT NOT NULL,
        host TEXT NOT NULL,
        check_id TEXT NOT NULL,
        holds INTEGER NOT NULL CHECK (holds IN (0, 1)),
        reason TEXT NOT NULL,
        since INTEGER NOT NULL,
        confirmed_at INTEGER NOT NULL,
        run TEXT NOT NULL
      ) STRICT;
      CREATE INDEX change_by_host ON change (host);

      CREATE TRIGGER change_never_changes BEFORE UPDATE ON change
      BEGIN SELECT RAISE(ABORT, 'changes are append-only'); END;
      """)
}
