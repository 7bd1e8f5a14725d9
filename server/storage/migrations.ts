import { auditTables } from './auditTables.ts';
import { boxTables } from './boxTables.ts';
import { noteTables } from './noteTables.ts';
import { suggestionTables } from './suggestionTables.ts';

/**
 * The schema of a workspace's database, one entry a version; `user_version` counts how many are in. Never change an entry that was released.
 * All times are Unix milliseconds. Tables of people's content keep the names of the protocol.
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE tasks (
  id             INTEGER PRIMARY KEY,      -- the number that people type; rows are never deleted, so never reused
  uid            TEXT    NOT NULL UNIQUE,  -- chosen by the client, which makes submitting twice harmless
  kind           TEXT    NOT NULL,
  model          TEXT    NOT NULL,
  -- What is limited together: of each lane only the first task is a candidate for the next claim. Parts of other tasks have
  -- lanes of their own, since lists tell them apart.
  lane           TEXT    GENERATED ALWAYS AS (iif(parent_id IS NULL, '', '+') || kind || ' ' || model) VIRTUAL,
  status         TEXT    NOT NULL
                 CHECK (status IN ('blocked', 'delayed', 'paused', 'pending', 'running', 'done', 'failed', 'cancelled')),
  parent_id      INTEGER REFERENCES tasks(id) CHECK (parent_id < id),
  part           INTEGER GENERATED ALWAYS AS (parent_id IS NOT NULL) VIRTUAL, -- of another task
  -- The status in the order of a task's way: who goes from one to the next mostly stays in one page of a list. Who is
  -- pending has none, since tasks_ready lists it already.
  stage          INTEGER GENERATED ALWAYS AS (CASE status WHEN 'pending' THEN NULL WHEN 'running' THEN 6 WHEN 'done' THEN 5
                   WHEN 'failed' THEN 4 WHEN 'cancelled' THEN 3 WHEN 'paused' THEN 2 WHEN 'delayed' THEN 1 ELSE 0 END) VIRTUAL,
  priority       INTEGER NOT NULL DEFAULT 0 CHECK (priority >= 0),
  not_before     INTEGER NOT NULL DEFAULT 0,
  blockers       INTEGER NOT NULL DEFAULT 0 CHECK (blockers >= 0), -- dependencies that are still open
  held           INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)), -- paused because a dependency did not succeed
  reason         TEXT,                     -- why it is paused, or pending although there is room
  payload        TEXT    NOT NULL CHECK (json_valid(payload)),
  attempts       INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  max_attempts   INTEGER NOT NULL DEFAULT 3 CHECK (max_attempts >= 1),
  dead           INTEGER NOT NULL DEFAULT 0 CHECK (dead IN (0, 1)), -- failed with all attempts used
  fence          INTEGER NOT NULL DEFAULT 0, -- grows with every claim and never goes back
  worker         TEXT,
  lease_ms       INTEGER,
  lease_until    INTEGER,
  cancel_asked   INTEGER NOT NULL DEFAULT 0 CHECK (cancel_asked IN (0, 1)),
  pause_asked    INTEGER NOT NULL DEFAULT 0 CHECK (pause_asked IN (0, 1)),
  progress       TEXT,
  result         TEXT,
  error          TEXT    CHECK (error IS NULL OR json_valid(error)),
  children       INTEGER NOT NULL DEFAULT 0,
  children_ended INTEGER NOT NULL DEFAULT 0,
  compacted      INTEGER NOT NULL DEFAULT 0 CHECK (compacted IN (0, 1)), -- its streamed text was given up
  last_seq       INTEGER NOT NULL DEFAULT 1 CHECK (last_seq >= 1), -- the row itself is the first event
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  CHECK ((status = 'running') = (worker IS NOT NULL AND lease_until IS NOT NULL AND lease_ms IS NOT NULL)),
  CHECK (status = 'running' OR (cancel_asked = 0 AND pause_asked = 0)),
  CHECK (blockers = 0 OR status NOT IN ('delayed', 'pending', 'running', 'done')),
  CHECK (blockers > 0 OR status <> 'blocked'),
  CHECK (held = 0 OR status = 'paused'),
  CHECK (dead = 0 OR status = 'failed'),
  CHECK (status <> 'paused' OR reason IS NOT NULL),
  CHECK (status <> 'done' OR result IS NOT NULL),
  CHECK (status <> 'failed' OR error IS NOT NULL)
) STRICT;
-- Delayed, blocked and paused tasks have a status of their own, so that a claim never has to walk past them.
CREATE INDEX tasks_ready    ON tasks(lane, priority DESC, id) WHERE status = 'pending';
CREATE INDEX tasks_delayed  ON tasks(not_before)              WHERE status = 'delayed';
-- For lists, newest first: an index ends with the row's id. Each index is a page more for whatever changes it.
CREATE INDEX tasks_lists    ON tasks(stage, part)             WHERE stage IS NOT NULL;
CREATE INDEX tasks_children ON tasks(parent_id)               WHERE parent_id IS NOT NULL;
CREATE INDEX tasks_dead     ON tasks(id)                      WHERE dead = 1;
CREATE TRIGGER tasks_immutable BEFORE UPDATE OF id, uid, kind, model, parent_id, payload, max_attempts, created_at ON tasks
BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;

-- How many tasks there are, without counting them, but for two: those that run are few, and are counted when somebody
-- asks; tasks that are pending and part of none are all the others, so that who submits or claims one writes nothing here.
CREATE TABLE task_counts (
  part   INTEGER NOT NULL,
  status TEXT    NOT NULL,
  n      INTEGER NOT NULL DEFAULT 0 CHECK (n >= 0),
  PRIMARY KEY (part, status)
) STRICT, WITHOUT ROWID;
INSERT INTO task_counts (part, status)
SELECT p.value, s.value FROM json_each('[0,1]') p,
  json_each('["blocked","delayed","paused","pending","done","failed","cancelled"]') s
WHERE NOT (p.value = 0 AND s.value = 'pending');
CREATE TRIGGER tasks_no_delete BEFORE DELETE ON tasks BEGIN SELECT RAISE(ABORT, 'tasks are not deleted'); END;
CREATE TRIGGER tasks_counted AFTER INSERT ON tasks WHEN new.status <> 'pending' OR new.parent_id IS NOT NULL BEGIN
  UPDATE task_counts SET n = n + 1 WHERE part = new.part AND status = new.status;
END;
CREATE TRIGGER tasks_recounted AFTER UPDATE OF status ON tasks WHEN old.status <> new.status BEGIN
  UPDATE task_counts SET n = n - 1 WHERE part = new.part AND status = old.status;
  UPDATE task_counts SET n = n + 1 WHERE part = new.part AND status = new.status;
END;
CREATE TRIGGER tasks_child AFTER INSERT ON tasks WHEN new.parent_id IS NOT NULL BEGIN
  UPDATE tasks SET children = children + 1 WHERE id = new.parent_id;
END;
CREATE TRIGGER tasks_child_ended AFTER UPDATE OF status ON tasks
WHEN new.parent_id IS NOT NULL
  AND (old.status IN ('done', 'failed', 'cancelled')) <> (new.status IN ('done', 'failed', 'cancelled'))
BEGIN
  UPDATE tasks SET children_ended = children_ended + iif(new.status IN ('done', 'failed', 'cancelled'), 1, -1)
  WHERE id = new.parent_id;
END;

-- An edge: task_id waits for depends_on as long as the edge is open. Numbers grow and an edge leads to a smaller one,
-- so there can be no cycle.
CREATE TABLE task_dependencies (
  task_id    INTEGER NOT NULL REFERENCES tasks(id),
  depends_on INTEGER NOT NULL REFERENCES tasks(id),
  on_failure TEXT    NOT NULL CHECK (on_failure IN ('cancel', 'run', 'hold')),
  open       INTEGER NOT NULL CHECK (open IN (0, 1)),
  PRIMARY KEY (task_id, depends_on),
  CHECK (depends_on < task_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_dependencies_open    ON task_dependencies(task_id, depends_on) WHERE open = 1;
CREATE INDEX task_dependencies_reverse ON task_dependencies(depends_on, open, task_id);

-- Evaluated states of conversations of tasks that stand still; server/inference/parkedStates.ts says where they lie.
CREATE TABLE parked (
  task_id  INTEGER PRIMARY KEY REFERENCES tasks(id),
  file     TEXT    NOT NULL UNIQUE,        -- name of the sealed file
  identity TEXT    NOT NULL,               -- the model's file and the build that evaluated it
  tokens   INTEGER NOT NULL,
  bytes    INTEGER NOT NULL,
  key      BLOB    NOT NULL,               -- opens this file and no other
  tag      BLOB    NOT NULL,               -- tells that it is whole
  at       INTEGER NOT NULL
) STRICT;
CREATE TRIGGER parked_end AFTER UPDATE OF status ON tasks WHEN new.status IN ('done', 'failed', 'cancelled')
BEGIN DELETE FROM parked WHERE task_id = new.id; END;

CREATE TABLE workspace (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)) -- no task starts
) STRICT;
INSERT INTO workspace (id) VALUES (1);

-- What happened to a task. The first event, its submission, is the task's row and is not written a second time.
CREATE TABLE events (
  cursor  INTEGER PRIMARY KEY,             -- order of commits over all tasks and servers
  task_id INTEGER NOT NULL REFERENCES tasks(id),
  seq     INTEGER NOT NULL CHECK (seq > 1),
  at      INTEGER NOT NULL,
  type    TEXT    NOT NULL,
  data    TEXT    NOT NULL CHECK (json_valid(data)),
  fence   INTEGER NOT NULL,
  UNIQUE (task_id, seq)
) STRICT;
CREATE TRIGGER events_gapless BEFORE INSERT ON events
WHEN new.seq <> 1 + (SELECT coalesce(max(seq), 1) FROM events WHERE task_id = new.task_id)
BEGIN SELECT RAISE(ABORT, 'events are numbered without gaps'); END;
-- Events are append-only. One thing alone may go: the streamed text of a task that has ended, whose turns hold the same
-- text whole; the event stays in its place, empty, so that a replay has no gap.
CREATE TRIGGER events_no_update BEFORE UPDATE ON events
WHEN NOT (
  old.type = 'text' AND new.data = json_set(old.data, '$.text', '')
  AND new.cursor = old.cursor AND new.task_id = old.task_id AND new.seq = old.seq AND new.at = old.at
  AND new.type = old.type AND new.fence = old.fence
  AND (SELECT status IN ('done', 'failed', 'cancelled') FROM tasks WHERE id = old.task_id)
)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE VIEW submissions AS
SELECT id AS task_id, 1 AS seq, created_at AS at, 'submitted' AS type,
  json_object('kind', kind, 'instruction', payload -> 'instruction') AS data, 0 AS fence FROM tasks;

CREATE TABLE proposals (
  task_id    INTEGER PRIMARY KEY REFERENCES tasks(id),
  -- accepting and undoing: files are being written, and a server that starts afterwards finishes it
  status     TEXT    NOT NULL CHECK (status IN ('open', 'accepting', 'accepted', 'rejected', 'undoing', 'undone')),
  was        TEXT    CHECK (was IN ('open', 'accepted', 'undone')), -- before accepting or undoing was begun
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((was IS NOT NULL) = (status IN ('accepting', 'undoing')))
) STRICT;

-- Texts, each once; server/agents/proposals/contents.ts says which go. No foreign key leads here: each would need an
-- index on the column that names it, and a text is looked for only by its hash.
CREATE TABLE contents (
  hash     BLOB PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the text in UTF-8
  deflated BLOB NOT NULL
) STRICT;
-- Null: there is no file.
CREATE TABLE proposal_files (
  task_id     INTEGER NOT NULL REFERENCES proposals(task_id) ON DELETE CASCADE,
  path        TEXT    NOT NULL,
  base_hash   BLOB,                        -- as the task found it
  before_hash BLOB,                        -- with what was accepted; the same as the first until then
  after_hash  BLOB,                        -- with all that is left to decide
  PRIMARY KEY (task_id, path)
) STRICT;
-- Files on their way while a proposal is accepting or undoing, and what its files are afterwards.
CREATE TABLE file_moves (
  task_id          INTEGER NOT NULL REFERENCES proposals(task_id) ON DELETE CASCADE,
  path             TEXT    NOT NULL,
  from_hash        BLOB,
  to_hash          BLOB,
  mode             INTEGER,                -- of a file that comes (back); null: as new files are
  next_base_hash   BLOB,
  next_before_hash BLOB,
  next_after_hash  BLOB,
  PRIMARY KEY (task_id, path)
) STRICT;
-- What is on disk because somebody accepted it, in the order in which it was written; server/agents/proposals/written.ts
-- says how one is taken back from under others. One that was taken back is gone.
CREATE TABLE written_edits (
  number      INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id     INTEGER NOT NULL REFERENCES tasks(id),
  path        TEXT    NOT NULL,
  before_hash BLOB,
  after_hash  BLOB,
  mode        INTEGER                      -- of a file that it deleted
) STRICT;
CREATE INDEX written_edits_paths ON written_edits(path, number);
CREATE INDEX written_edits_tasks ON written_edits(task_id);

-- What a plan is until its parts are tasks.
CREATE TABLE plans (
  task_id    INTEGER PRIMARY KEY REFERENCES tasks(id),
  status     TEXT    NOT NULL CHECK (status IN ('open', 'started')),
  parts      TEXT    NOT NULL CHECK (json_valid(parts)),
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER plans_final BEFORE UPDATE OF parts ON plans WHEN old.status = 'started'
BEGIN SELECT RAISE(ABORT, 'a plan that was started does not change'); END;

-- Edits of tasks under way, one row a file that an edit changed; server/agents/drafts.ts says who reads them.
CREATE TABLE drafts (
  task_id     INTEGER NOT NULL REFERENCES tasks(id),
  turn        INTEGER NOT NULL,            -- a model turn makes one call; a call that moves a file changes two
  path        TEXT    NOT NULL,
  before_hash BLOB,                        -- before the task's first edit of the file
  after_hash  BLOB,
  PRIMARY KEY (task_id, turn, path)
) STRICT;
CREATE TRIGGER drafts_end AFTER UPDATE OF status ON tasks WHEN new.status = 'done'
BEGIN DELETE FROM drafts WHERE task_id = new.id; END;

CREATE VIEW named_contents (hash) AS
  SELECT base_hash FROM proposal_files UNION ALL SELECT before_hash FROM proposal_files
  UNION ALL SELECT after_hash FROM proposal_files
  UNION ALL SELECT from_hash FROM file_moves UNION ALL SELECT to_hash FROM file_moves
  UNION ALL SELECT next_base_hash FROM file_moves UNION ALL SELECT next_before_hash FROM file_moves
  UNION ALL SELECT next_after_hash FROM file_moves
  UNION ALL SELECT before_hash FROM written_edits UNION ALL SELECT after_hash FROM written_edits
  UNION ALL SELECT before_hash FROM drafts UNION ALL SELECT after_hash FROM drafts;

-- What tasks asked a person before they went on.
CREATE TABLE approvals (
  id          INTEGER PRIMARY KEY,         -- the number that people type; rows are never deleted, so never reused
  task_id     INTEGER NOT NULL REFERENCES tasks(id),
  turn        INTEGER NOT NULL,
  asked       TEXT    NOT NULL CHECK (json_valid(asked)), -- what the person sees, and what may be remembered
  status      TEXT    NOT NULL CHECK (status IN ('open', 'allowed', 'denied', 'answered', 'dropped')),
  answer      TEXT,                        -- what the person wrote
  asked_at    INTEGER NOT NULL,
  answered_at INTEGER,
  CHECK ((status = 'open') = (answered_at IS NULL))
) STRICT;
CREATE INDEX approvals_tasks ON approvals(task_id);
-- A task asks one thing at a time.
CREATE UNIQUE INDEX approvals_open ON approvals(task_id) WHERE status = 'open';
CREATE TRIGGER approvals_once BEFORE UPDATE ON approvals WHEN old.status <> 'open'
BEGIN SELECT RAISE(ABORT, 'an approval is answered once'); END;
CREATE TRIGGER approvals_immutable BEFORE UPDATE OF id, task_id, turn, asked, asked_at ON approvals
BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;
CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals are not deleted'); END;
CREATE TRIGGER approvals_dropped AFTER UPDATE OF status ON tasks WHEN new.status IN ('done', 'failed', 'cancelled') BEGIN
  UPDATE approvals SET status = 'dropped', answered_at = new.updated_at WHERE task_id = new.id AND status = 'open';
END;

-- What a person had remembered; the user's own rules for all workspaces are a file.
CREATE TABLE approval_rules (
  id         INTEGER PRIMARY KEY AUTOINCREMENT, -- a number that was forgotten never means another rule
  task_id    INTEGER REFERENCES tasks(id),      -- null: for every task of the workspace
  rule       TEXT    NOT NULL CHECK (json_valid(rule)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX approval_rules_tasks ON approval_rules(task_id);

-- Servers of the Model Context Protocol as they are written down in files. The digest is of all that would be run.
CREATE TABLE mcp_servers (
  digest    TEXT    PRIMARY KEY,
  name      TEXT    NOT NULL,
  agreed_at INTEGER,                       -- null: no person agreed to run it
  believed  INTEGER NOT NULL DEFAULT 0 CHECK (believed IN (0, 1)), -- which of its tools only read
  tools     TEXT    CHECK (json_valid(tools)) -- as it listed them last; null: never
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
  number     INTEGER PRIMARY KEY,          -- the number that people type; rows are never deleted, so never reused
  id         TEXT    NOT NULL UNIQUE,
  due        TEXT    NOT NULL CHECK (json_valid(due)),
  conditions TEXT    NOT NULL CHECK (json_valid(conditions)),
  misfire    TEXT    NOT NULL CHECK (misfire IN ('skip', 'once', 'all')),
  template   TEXT    NOT NULL CHECK (json_valid(template)),
  next_at    INTEGER,                      -- due times before this one are in the ledger; null: there is none
  last_at    INTEGER,
  off_since  INTEGER,                      -- due times after this are not owed; null while it is on
  removed    INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
  created_at INTEGER NOT NULL,
  CHECK (removed = 0 OR off_since IS NOT NULL)
) STRICT;
CREATE TRIGGER schedules_immutable BEFORE UPDATE OF number, id, due, conditions, misfire, template, created_at ON schedules
BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;

CREATE TABLE schedule_runs (
  schedule_id TEXT    NOT NULL REFERENCES schedules(id),
  due_at      INTEGER NOT NULL,
  outcome     TEXT    NOT NULL CHECK (outcome IN ('submitted', 'skipped', 'merged', 'waiting', 'refused')),
  task_id     TEXT,
  at          INTEGER NOT NULL,
  reason      TEXT,
  PRIMARY KEY (schedule_id, due_at),       -- decides between servers: each due time is dealt with once
  CHECK ((outcome = 'submitted') = (task_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_runs_waiting ON schedule_runs(schedule_id, due_at) WHERE outcome = 'waiting';
CREATE INDEX schedule_runs_tasks   ON schedule_runs(task_id)             WHERE task_id IS NOT NULL;
CREATE TRIGGER schedule_runs_final BEFORE UPDATE ON schedule_runs WHEN old.outcome <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'a due time is dealt with once'); END;
CREATE TRIGGER schedule_runs_no_delete BEFORE DELETE ON schedule_runs
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- What is planned. Days are civil: text as YYYY-MM-DD.
CREATE TABLE items (
  number       INTEGER PRIMARY KEY,        -- the number that people type; rows are never deleted, so never reused
  id           TEXT    NOT NULL UNIQUE,    -- chosen by the client, which makes adding twice harmless
  title        TEXT    NOT NULL,
  horizon      TEXT    NOT NULL CHECK (horizon IN ('now', 'next', 'later', 'someday')),
  distance     INTEGER GENERATED ALWAYS AS (CASE horizon WHEN 'now' THEN 0 WHEN 'next' THEN 1 WHEN 'later' THEN 2 ELSE 3 END) VIRTUAL,
  place        TEXT    NOT NULL,           -- orders the items of a horizon
  estimate     INTEGER CHECK (estimate > 0), -- minutes
  start_on     TEXT,
  due_on       TEXT,
  done_at      INTEGER,
  done_on      TEXT,                       -- the day it was then where the server ran
  done_by      TEXT,                       -- the task that had it done; null: a person
  tags         TEXT    NOT NULL CHECK (json_valid(tags)),
  note_id      TEXT,
  box          TEXT,
  depends_on   TEXT    NOT NULL CHECK (json_valid(depends_on)), -- ids of items, also of removed ones: those may come back
  needs_person INTEGER NOT NULL CHECK (needs_person IN (0, 1)),
  removed      INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
  version      INTEGER NOT NULL DEFAULT 1,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  CHECK ((done_at IS NULL) = (done_on IS NULL)),
  CHECK (done_at IS NOT NULL OR done_by IS NULL),
  CHECK (start_on IS NULL OR due_on IS NULL OR start_on <= due_on)
) STRICT;
CREATE INDEX items_order ON items(distance, place, number) WHERE removed = 0;
CREATE INDEX items_notes ON items(note_id)                 WHERE note_id IS NOT NULL;
CREATE TRIGGER items_immutable BEFORE UPDATE OF number, id, created_at ON items
BEGIN SELECT RAISE(ABORT, 'an item stays the same one'); END;
CREATE TRIGGER items_no_delete BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'items are not deleted'); END;

-- Everything that happened to items, which is what undo, redo and the burn-up are made of.
CREATE TABLE item_changes (
  number   INTEGER PRIMARY KEY AUTOINCREMENT,
  uid      TEXT    UNIQUE,                 -- by which a client says the same again
  item_id  TEXT    NOT NULL REFERENCES items(id),
  deed     TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  day      TEXT    NOT NULL,
  before   TEXT    NOT NULL CHECK (json_valid(before)), -- the columns that it changed, as they were
  after    TEXT    NOT NULL CHECK (json_valid(after)),
  -- 'done' can be undone, 'undone' done again; 'dropped' was undone before something else was done; 'kept' is no part of this.
  stack    TEXT    NOT NULL CHECK (stack IN ('done', 'undone', 'dropped', 'kept')),
  turned   INTEGER,                        -- the change that undid it
  planned         INTEGER NOT NULL,        -- by how much it changed what is planned and done, in items and minutes
  planned_minutes INTEGER NOT NULL,
  finished         INTEGER NOT NULL,
  finished_minutes INTEGER NOT NULL,
  CHECK ((stack IN ('undone', 'dropped')) = (turned IS NOT NULL))
) STRICT;
CREATE INDEX item_changes_undo ON item_changes(number) WHERE stack = 'done';
CREATE INDEX item_changes_redo ON item_changes(turned) WHERE stack = 'undone';
CREATE INDEX item_changes_days ON item_changes(day, planned, planned_minutes, finished, finished_minutes);
CREATE TRIGGER item_changes_final BEFORE UPDATE OF number, uid, item_id, deed, at, day, before, after, planned,
  planned_minutes, finished, finished_minutes ON item_changes
BEGIN SELECT RAISE(ABORT, 'what happened does not change'); END;
CREATE TRIGGER item_changes_no_delete BEFORE DELETE ON item_changes
BEGIN SELECT RAISE(ABORT, 'what happened does not change'); END;

-- The tasks started for items, and those that schedules will start; server/horizon/itemTasks.ts says what comes of them.
CREATE TABLE item_tasks (
  task_id     TEXT    PRIMARY KEY,
  item_id     TEXT    NOT NULL REFERENCES items(id),
  schedule_id TEXT,
  settled     INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)) -- its success is known to the item
) STRICT, WITHOUT ROWID;
CREATE INDEX item_tasks_items ON item_tasks(item_id);

-- Minutes of work a week; the week '' stands for all that have no row.
CREATE TABLE week_capacity (
  week    TEXT    PRIMARY KEY,
  minutes INTEGER NOT NULL CHECK (minutes >= 0)
) STRICT, WITHOUT ROWID;
`,
  noteTables,
  boxTables + suggestionTables,
  auditTables,
];
