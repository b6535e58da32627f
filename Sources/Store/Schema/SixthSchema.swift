extension Schema {
  /// The declared inventory over time: each row of each of its files with the revision that brought it and the one that ended
  /// it. A revision is never changed, and a row once ended stays so. Beside it, and never mixed with it, what was observed.
  static let sixthSchema = Migration(
    name: "0006-revisions",
    sql: """
      CREATE TABLE revision (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        source TEXT NOT NULL,
        added INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        removed INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE declared (
        number INTEGER PRIMARY KEY,
        file TEXT NOT NULL
          CHECK (file IN ('agencies', 'systems', 'hosts', 'prefixes', 'zones', 'waivers')),
        key TEXT NOT NULL,
        place TEXT NOT NULL,
        cells TEXT NOT NULL,
        extra_names TEXT NOT NULL,
        extra_cells TEXT NOT NULL,
        since INTEGER NOT NULL REFERENCES revision (number),
        until INTEGER REFERENCES revision (number),
        CHECK (until > since)
      ) STRICT;
      CREATE UNIQUE INDEX declared_now ON declared (file, place) WHERE until IS NULL;
      CREATE INDEX declared_by_key ON declared (key, since);

      CREATE TABLE observed (
        address TEXT NOT NULL,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        source TEXT NOT NULL,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        PRIMARY KEY (address, kind, value, source),
        CHECK (last_seen >= first_seen)
      ) STRICT, WITHOUT ROWID;

      CREATE TRIGGER revision_stays BEFORE UPDATE ON revision
      BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;
      CREATE TRIGGER revision_remains BEFORE DELETE ON revision
      BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;
      CREATE TRIGGER declared_stays BEFORE UPDATE ON declared
      WHEN OLD.until IS NOT NULL OR NEW.until IS NULL OR NEW.file IS NOT OLD.file OR NEW.key IS NOT OLD.key
        OR NEW.place IS NOT OLD.place OR NEW.cells IS NOT OLD.cells OR NEW.extra_names IS NOT OLD.extra_names
        OR NEW.extra_cells IS NOT OLD.extra_cells OR NEW.since IS NOT OLD.since
      BEGIN SELECT RAISE(ABORT, 'what was declared stays'); END;
      CREATE TRIGGER declared_remains BEFORE DELETE ON declared
      BEGIN SELECT RAISE(ABORT, 'what was declared stays'); END;
      """)
}
