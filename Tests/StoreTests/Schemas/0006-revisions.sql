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

CREATE TABLE check_row (
  run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  host TEXT NOT NULL,
  check_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  observed_at INTEGER,
  evidence TEXT NOT NULL,
  PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX check_row_by_host ON check_row (run, host);

CREATE TRIGGER check_row_goes_with_its_run BEFORE DELETE ON check_row
WHEN EXISTS (SELECT 1 FROM run WHERE number = OLD.run)
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE run = OLD.run)
BEGIN SELECT RAISE(ABORT, 'check rows are append-only'); END;

CREATE TRIGGER check_row_needs_running_run BEFORE INSERT ON check_row
WHEN (SELECT state FROM run WHERE number = NEW.run) IS NOT 'running'
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER check_row_never_changes BEFORE UPDATE ON check_row
BEGIN SELECT RAISE(ABORT, 'check rows are append-only'); END;

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

CREATE INDEX declared_by_key ON declared (key, since);

CREATE UNIQUE INDEX declared_now ON declared (file, place) WHERE until IS NULL;

CREATE TRIGGER declared_remains BEFORE DELETE ON declared
BEGIN SELECT RAISE(ABORT, 'what was declared stays'); END;

CREATE TRIGGER declared_stays BEFORE UPDATE ON declared
WHEN OLD.until IS NOT NULL OR NEW.until IS NULL OR NEW.file IS NOT OLD.file OR NEW.key IS NOT OLD.key
  OR NEW.place IS NOT OLD.place OR NEW.cells IS NOT OLD.cells OR NEW.extra_names IS NOT OLD.extra_names
  OR NEW.extra_cells IS NOT OLD.extra_cells OR NEW.since IS NOT OLD.since
BEGIN SELECT RAISE(ABORT, 'what was declared stays'); END;

CREATE TABLE inventory_file (
  sha256 TEXT NOT NULL PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE leaving (
  run INTEGER PRIMARY KEY REFERENCES run (number) ON DELETE CASCADE
) STRICT;

CREATE TRIGGER leaving_is_final BEFORE DELETE ON leaving
WHEN EXISTS (SELECT 1 FROM run WHERE number = OLD.run)
BEGIN SELECT RAISE(ABORT, 'the run has lost rows'); END;

CREATE TABLE observation (
  run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  host TEXT NOT NULL,
  at INTEGER NOT NULL,
  vantage TEXT,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  fact TEXT NOT NULL,
  PRIMARY KEY (run, sequence)
) STRICT, WITHOUT ROWID;

CREATE INDEX observation_by_host ON observation (run, host);

CREATE TRIGGER observation_goes_with_its_run BEFORE DELETE ON observation
WHEN EXISTS (SELECT 1 FROM run WHERE number = OLD.run)
  AND NOT EXISTS (SELECT 1 FROM leaving WHERE run = OLD.run)
BEGIN SELECT RAISE(ABORT, 'observations are append-only'); END;

CREATE TRIGGER observation_needs_running_run BEFORE INSERT ON observation
WHEN (SELECT state FROM run WHERE number = NEW.run) IS NOT 'running'
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TRIGGER observation_never_changes BEFORE UPDATE ON observation
BEGIN SELECT RAISE(ABORT, 'observations are append-only'); END;

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

CREATE TABLE revision (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  source TEXT NOT NULL,
  added INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  removed INTEGER NOT NULL
) STRICT;

CREATE TRIGGER revision_remains BEFORE DELETE ON revision
BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;

CREATE TRIGGER revision_stays BEFORE UPDATE ON revision
BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;

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

CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('running', 'complete', 'incomplete')),
  tool_version TEXT NOT NULL,
  vantage TEXT NOT NULL,
  policy TEXT NOT NULL,
  resolver TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  packets_sent INTEGER NOT NULL,
  packets_received INTEGER NOT NULL,
  packets_ignored INTEGER NOT NULL,
  capture_drops INTEGER NOT NULL,
  refused_by_scope INTEGER NOT NULL,
  lookups INTEGER NOT NULL,
  handshakes INTEGER NOT NULL,
  manifest BLOB
, kind TEXT NOT NULL DEFAULT 'audit' CHECK (kind IN ('audit', 'capture')), round TEXT NOT NULL DEFAULT 'full'
  CHECK (round IN ('full', 'reach', 'names', 'services', 'exposure')), is_retest INTEGER NOT NULL DEFAULT 0 CHECK (is_retest IN (0, 1))) STRICT;

CREATE INDEX run_by_round ON run (round) WHERE state = 'complete' AND kind = 'audit' AND is_retest = 0;

CREATE TRIGGER run_ended_is_final BEFORE UPDATE ON run
WHEN OLD.state <> 'running'
BEGIN SELECT RAISE(ABORT, 'the run has ended'); END;

CREATE TABLE run_inventory (
  run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES inventory_file (sha256),
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_inventory_by_file ON run_inventory (sha256);

CREATE TRIGGER run_under_way_stays BEFORE INSERT ON leaving
WHEN (SELECT state FROM run WHERE number = NEW.run) IS 'running'
BEGIN SELECT RAISE(ABORT, 'the run is under way'); END;

CREATE TABLE sqlite_sequence(name,seq);

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
