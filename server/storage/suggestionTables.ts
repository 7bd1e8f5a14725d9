/** Tables of suggestions in the database of a workspace; those of notes and items come before them. */
export const suggestionTables = `
-- What was proposed, and what became of it. It goes with its note, since it says what stands there.
CREATE TABLE suggestions (
  number     INTEGER PRIMARY KEY AUTOINCREMENT, -- the number that people type; one that is gone is not given again
  id         TEXT    NOT NULL UNIQUE,
  about      TEXT    NOT NULL CHECK (about IN ('tags', 'horizon', 'title', 'steps', 'related', 'review')),
  note       INTEGER REFERENCES notes(number) ON DELETE CASCADE,
  item_id    TEXT    REFERENCES items(id),
  week       TEXT,                         -- its Monday
  status     TEXT    NOT NULL CHECK (status IN ('asked', 'open', 'accepted', 'dismissed', 'failed')),
  asked_model TEXT   NOT NULL,             -- as the caller named it
  task_id    INTEGER REFERENCES tasks(id),
  matter     TEXT    CHECK (matter IS NULL OR json_valid(matter)), -- what its model is told; null: not yet, or no more
  basis      TEXT    NOT NULL,             -- what it was made of: server/suggestions/basis.ts
  reason     TEXT    NOT NULL DEFAULT '',
  parts      TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(parts)),
  model      TEXT,                         -- what made it, as name@version; null: no model
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((note IS NOT NULL) + (item_id IS NOT NULL) + (week IS NOT NULL) = 1),
  CHECK ((about = 'review') = (week IS NOT NULL))
) STRICT;
CREATE INDEX suggestions_notes ON suggestions(note)    WHERE note IS NOT NULL;
CREATE INDEX suggestions_items ON suggestions(item_id) WHERE item_id IS NOT NULL;
CREATE INDEX suggestions_tasks ON suggestions(task_id) WHERE task_id IS NOT NULL;
CREATE INDEX suggestions_live  ON suggestions(status)  WHERE status IN ('asked', 'open');
CREATE TRIGGER suggestions_immutable BEFORE UPDATE OF number, id, about, note, item_id, week, created_at ON suggestions
BEGIN SELECT RAISE(ABORT, 'a suggestion stays about the same'); END;
-- Its task ended without one, or was put back after that.
CREATE TRIGGER suggestions_failed AFTER UPDATE OF status ON tasks
WHEN new.kind = 'suggest' AND new.status IN ('failed', 'cancelled') BEGIN
  UPDATE suggestions SET status = iif(new.status = 'failed', 'failed', 'dismissed'), updated_at = new.updated_at
  WHERE task_id = new.id AND status = 'asked';
END;
CREATE TRIGGER suggestions_again AFTER UPDATE OF status ON tasks
WHEN new.kind = 'suggest' AND old.status IN ('failed', 'cancelled') AND new.status NOT IN ('failed', 'cancelled') BEGIN
  UPDATE suggestions SET status = 'asked', updated_at = new.updated_at
  WHERE task_id = new.id AND status IN ('failed', 'dismissed') AND reason = '';
END;

-- Directions of notes, while there is a model for them; all can be made anew.
CREATE TABLE note_vectors (
  note    INTEGER PRIMARY KEY REFERENCES notes(number) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  model   TEXT    NOT NULL,                -- name@version: those of two models cannot be compared
  vector  BLOB    NOT NULL                 -- one signed byte a dimension
) STRICT;
`;
