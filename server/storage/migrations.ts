/**
 * The schema, one entry a version; `user_version` counts how many are in. Never change an entry that was released.
 * All times are Unix milliseconds. Tables of people's content keep the names of the protocol.
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE tasks (
  id           INTEGER PRIMARY KEY,        -- the number that people type; rows are never deleted, so never reused
  uid          TEXT    NOT NULL UNIQUE,    -- chosen by the client, which makes submitting twice harmless
  kind         TEXT    NOT NULL,
  status       TEXT    NOT NULL DEFAULT 'pending'
               CHECK (status IN ('pending', 'delayed', 'running', 'done', 'failed', 'cancelled')),
  priority     INTEGER NOT NULL DEFAULT 0,
  not_before   INTEGER NOT NULL DEFAULT 0,
  payload      TEXT    NOT NULL CHECK (json_valid(payload)),
  attempts     INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  max_attempts INTEGER NOT NULL DEFAULT 3 CHECK (max_attempts >= 1),
  fence        INTEGER NOT NULL DEFAULT 0, -- grows with every claim and never goes back
  worker       TEXT,
  lease_until  INTEGER,
  cancel_asked INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1)),
  progress     TEXT,
  result       TEXT,
  error        TEXT    CHECK (error IS NULL OR json_valid(error)),
  last_seq     INTEGER NOT NULL DEFAULT 0,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  CHECK ((status = 'running') = (worker IS NOT NULL AND lease_until IS NOT NULL)),
  CHECK (cancel_asked = 0 OR status = 'running'),
  CHECK (status <> 'done' OR result IS NOT NULL),
  CHECK (status <> 'failed' OR error IS NOT NULL)
) STRICT;
-- Delayed tasks have a status of their own, so that a claim never has to walk past them.
CREATE INDEX tasks_ready   ON tasks(priority DESC, id) WHERE status = 'pending';
CREATE INDEX tasks_delayed ON tasks(not_before)        WHERE status = 'delayed';
CREATE INDEX tasks_leases  ON tasks(lease_until)       WHERE status = 'running';
CREATE INDEX tasks_status  ON tasks(status);
CREATE TRIGGER tasks_immutable BEFORE UPDATE OF id, uid, kind, payload, created_at ON tasks
BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;

CREATE TABLE events (
  cursor  INTEGER PRIMARY KEY,             -- order of commits over all tasks and servers
  task_id INTEGER NOT NULL REFERENCES tasks(id),
  seq     INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  type    TEXT    NOT NULL,
  data    TEXT    NOT NULL CHECK (json_valid(data)),
  fence   INTEGER NOT NULL,
  UNIQUE (task_id, seq)
) STRICT;
CREATE TRIGGER events_gapless BEFORE INSERT ON events
WHEN new.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM events WHERE task_id = new.task_id)
BEGIN SELECT RAISE(ABORT, 'events are numbered without gaps'); END;
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TABLE proposals (
  task_id    INTEGER PRIMARY KEY REFERENCES tasks(id),
  -- accepting and undoing: files are being written, and a server that starts afterwards finishes it
  status     TEXT    NOT NULL CHECK (status IN ('open', 'accepting', 'accepted', 'rejected', 'undoing', 'undone')),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE proposal_files (
  task_id     INTEGER NOT NULL REFERENCES proposals(task_id) ON DELETE CASCADE,
  path        TEXT    NOT NULL,
  before_text TEXT,                        -- null: the file is new
  after_text  TEXT    NOT NULL,
  PRIMARY KEY (task_id, path)
) STRICT;

CREATE TABLE models (
  name           TEXT    NOT NULL,
  version        TEXT    NOT NULL,
  artifact_ref   TEXT    NOT NULL,
  bytes          INTEGER NOT NULL CHECK (bytes >= 0),
  context_length INTEGER NOT NULL CHECK (context_length > 0),
  profile        TEXT    NOT NULL CHECK (profile IN ('full', 'small', 'tiny')),
  embedded       INTEGER NOT NULL DEFAULT 0 CHECK (embedded IN (0, 1)),
  loaded_at      INTEGER,
  created_at     INTEGER NOT NULL,
  PRIMARY KEY (name, version)
) STRICT;
CREATE TABLE aliases (
  alias   TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  version TEXT NOT NULL,
  FOREIGN KEY (name, version) REFERENCES models(name, version)
) STRICT;
`,
];
