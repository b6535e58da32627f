extension Schema {
  /// What stays when runs are let go: each round in a line with its manifest, and for each check of each host how many
  /// rounds in a row said the same.
  ///
  /// A run goes in several transactions, because a large one is a million rows. From the first of them it stands in
  /// `leaving` and nobody sees it any more; its rows may be deleted only then.
  static let fourthSchema = Migration(
    name: "0004-rollups",
    sql: """
      CREATE TABLE leaving (
        run INTEGER PRIMARY KEY REFERENCES run (number) ON DELETE CASCADE
      ) STRICT;

      CREATE TABLE past_round (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        vantage TEXT NOT NULL,
        round TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        policy TEXT NOT NULL,
        tool_version TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        finished_at INTEGER NOT NULL,
        has_ipv6 INTEGER NOT NULL CHECK (has_ipv6 IN (0, 1)),
        by_day INTEGER NOT NULL DEFAULT 0 CHECK (by_day IN (0, 1)),
        manifest BLOB NOT NULL,
        UNIQUE (vantage, round, ordinal)
      ) STRICT;
      CREATE INDEX past_round_by_time ON past_round (finished_at);

      CREATE TABLE rollup (
        vantage TEXT NOT NULL,
        round TEXT NOT NULL,
        check_id TEXT NOT NULL,
        host TEXT NOT NULL,
        last INTEGER NOT NULL,
        first INTEGER NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'unknown', 'mixed')),
        passed INTEGER,
        failed INTEGER,
        unknown INTEGER,
        PRIMARY KEY (vantage, round, check_id, host, last),
        CHECK ((outcome = 'mixed') = (passed IS NOT NULL AND failed IS NOT NULL AND unknown IS NOT NULL))
      ) STRICT, WITHOUT ROWID;

      DROP TRIGGER observation_goes_with_its_run;
      CREATE TRIGGER observation_goes_with_its_run BEFORE DELETE ON observation
      WHEN EXISTS (SELECT 1 FROM run WHERE number = OLD.run)
        AND NOT EXISTS (SELECT 1 FROM leaving WHERE run = OLD.run)
      BEGIN SELECT RAISE(ABORT, 'observations are append-only'); END;

      DROP TRIGGER check_row_goes_with_its_run;
      CREATE TRIGGER check_row_goes_with_its_run BEFORE DELETE ON check_row
      WHEN EXISTS (SELECT 1 FROM run WHERE number = OLD.run)
        AND NOT EXISTS (SELECT 1 FROM leaving WHERE run = OLD.run)
      BEGIN SELECT RAISE(ABORT, 'check rows are append-only'); END;

      CREATE TRIGGER run_under_way_stays BEFORE INSERT ON leaving
      WHEN (SELECT state FROM run WHERE number = NEW.run) IS 'running'
      BEGIN SELECT RAISE(ABORT, 'the run is under way'); END;

      CREATE TRIGGER leaving_is_final BEFORE DELETE ON leaving
      WHEN EXISTS (SELECT 1 FROM run WHERE number = OLD.run)
      BEGIN SELECT RAISE(ABORT, 'the run has lost rows'); END;
      """)
}
