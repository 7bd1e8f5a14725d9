import { EGRESS_TABLE } from '../egress/log.ts';
import { auditTables } from '../storage/auditTables.ts';

/**
 * The schema of the registry, one entry a version. Never change an entry that was released. Every server of this user
 * writes it. All times are Unix milliseconds.
 */
export const modelMigrations: readonly string[] = [
  `
CREATE TABLE versions (
  id             INTEGER PRIMARY KEY,
  name           TEXT    NOT NULL,
  version        TEXT    NOT NULL,
  -- embedded: ships with the product; file: named in settings, stays where it is; store: in the store, and immutable
  origin         TEXT    NOT NULL CHECK (origin IN ('embedded', 'file', 'store')),
  format         TEXT    NOT NULL CHECK (format IN ('gguf', 'onnx', 'safetensors', 'pytorch')),
  digest         TEXT,                     -- SHA-256 of the file, or of the list of those of several
  bytes          INTEGER NOT NULL CHECK (bytes >= 0),
  facts          TEXT    NOT NULL CHECK (json_valid(facts)),
  profile        TEXT    NOT NULL CHECK (profile IN ('full', 'small', 'tiny')),
  licence        TEXT,
  source         TEXT,
  created_at     INTEGER NOT NULL,
  context_length INTEGER NOT NULL CHECK (context_length > 0), -- as the file says; a worker that loaded it knows better
  memory_bytes   INTEGER,
  pinned         INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
  problem        TEXT    CHECK (problem IS NULL OR json_valid(problem)), -- {fingerprint, reason}
  loaded_at      INTEGER,
  UNIQUE (name, version),
  CHECK ((origin = 'store') = (digest IS NOT NULL))
) STRICT;
CREATE TRIGGER versions_immutable BEFORE UPDATE OF id, name, version, origin, format, digest, bytes, created_at ON versions
WHEN old.origin = 'store'
BEGIN SELECT RAISE(ABORT, 'a version is immutable'); END;

CREATE TABLE files (
  version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
  part       INTEGER NOT NULL CHECK (part >= 1), -- the first is the one to load
  name       TEXT    NOT NULL,
  bytes      INTEGER NOT NULL CHECK (bytes >= 0),
  sha256     TEXT,                         -- null: never hashed
  path       TEXT,                         -- null: in the store
  shared     INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)), -- in the store as a link to a file that others hold too
  PRIMARY KEY (version_id, part),
  CHECK (sha256 IS NOT NULL OR path IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_content ON files(sha256) WHERE path IS NULL;
CREATE TRIGGER files_immutable BEFORE UPDATE ON files
WHEN (SELECT origin FROM versions WHERE id = old.version_id) = 'store'
BEGIN SELECT RAISE(ABORT, 'a version is immutable'); END;
CREATE TRIGGER files_stay BEFORE DELETE ON files
WHEN (SELECT origin FROM versions WHERE id = old.version_id) = 'store'
BEGIN SELECT RAISE(ABORT, 'a version is immutable'); END;

CREATE TABLE aliases (
  alias      TEXT    PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE tags (
  version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
  tag        TEXT    NOT NULL,
  PRIMARY KEY (version_id, tag)
) STRICT, WITHOUT ROWID;
CREATE TABLE benchmarks (
  id         INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
  measures   TEXT    NOT NULL CHECK (json_valid(measures))
) STRICT;
CREATE TRIGGER benchmarks_no_update BEFORE UPDATE ON benchmarks
BEGIN SELECT RAISE(ABORT, 'what was measured does not change'); END;

CREATE TABLE uploads (
  id         TEXT    PRIMARY KEY,
  asked      TEXT    NOT NULL CHECK (json_valid(asked)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pulls (
  id         TEXT    PRIMARY KEY,
  asked      TEXT    NOT NULL CHECK (json_valid(asked)),    -- and never a secret
  progress   TEXT    NOT NULL CHECK (json_valid(progress)),
  created_at INTEGER NOT NULL
) STRICT;
${EGRESS_TABLE}`,
  auditTables,
];
