/**
 * Tables of notes in the database of a workspace. What is read out of a note's text (its words, links, names, tags and
 * boxes) is written with it, in one transaction.
 */
export const noteTables = `
CREATE TABLE notes (
  number     INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,
  path       TEXT    NOT NULL,
  key        TEXT    NOT NULL UNIQUE,      -- of the path, the same for names that some file systems hold for one
  title      TEXT    NOT NULL,
  version    INTEGER NOT NULL CHECK (version >= 1),
  size       INTEGER NOT NULL,             -- bytes
  tags       TEXT    NOT NULL CHECK (json_valid(tags)), -- the first fifty
  boxes      INTEGER NOT NULL,
  boxes_done INTEGER NOT NULL,
  change     INTEGER NOT NULL UNIQUE,      -- grows over all notes
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_updated ON notes(updated_at, number);
CREATE TRIGGER notes_immutable BEFORE UPDATE OF number, id, created_at ON notes
BEGIN SELECT RAISE(ABORT, 'a note stays the note that it is'); END;

-- The newest is the note's text; server/notes/versions.ts says which others are kept.
CREATE TABLE note_versions (
  note     INTEGER NOT NULL REFERENCES notes(number) ON DELETE CASCADE,
  version  INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  deflated BLOB    NOT NULL,
  PRIMARY KEY (note, version)
) STRICT;

-- Names by which links may mean a note: that of its file, and its aliases.
CREATE TABLE note_names (
  note  INTEGER NOT NULL REFERENCES notes(number) ON DELETE CASCADE,
  key   TEXT    NOT NULL,
  name  TEXT    NOT NULL,
  alias INTEGER NOT NULL CHECK (alias IN (0, 1)),
  PRIMARY KEY (note, alias, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_names_key ON note_names(key, note, alias);

CREATE TABLE note_links (
  note     INTEGER NOT NULL REFERENCES notes(number) ON DELETE CASCADE,
  nth      INTEGER NOT NULL,
  key      TEXT    NOT NULL,               -- of the name that it leads to, wherever that is
  wiki     INTEGER NOT NULL CHECK (wiki IN (0, 1)), -- [[so]], else [so](so.md)
  target   TEXT    NOT NULL,
  heading  TEXT,
  label    TEXT,
  line     INTEGER NOT NULL,
  excerpt  TEXT    NOT NULL,
  PRIMARY KEY (note, nth)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_links_key ON note_links(key);

CREATE TABLE note_tags (
  key  TEXT    NOT NULL,
  note INTEGER NOT NULL REFERENCES notes(number) ON DELETE CASCADE,
  tag  TEXT    NOT NULL,                   -- as it is written
  PRIMARY KEY (key, note)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_tags_note ON note_tags(note);

CREATE TABLE note_boxes (
  note INTEGER NOT NULL REFERENCES notes(number) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  id   TEXT,
  done INTEGER NOT NULL CHECK (done IN (0, 1)),
  text TEXT    NOT NULL,
  PRIMARY KEY (note, line)
) STRICT, WITHOUT ROWID;

-- The words of notes by their numbers; the text itself is in note_versions.
CREATE VIRTUAL TABLE note_words USING fts5(
  title, tags, path, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER notes_gone AFTER DELETE ON notes BEGIN DELETE FROM note_words WHERE rowid = old.number; END;

-- Paths that notes are gone from, the newest thousand, so that other servers can tell their clients.
CREATE TABLE note_removals (
  change   INTEGER PRIMARY KEY,
  id       TEXT    NOT NULL,
  path     TEXT    NOT NULL,
  moved_to TEXT
) STRICT;
CREATE TABLE note_clock (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  change INTEGER NOT NULL
) STRICT;
INSERT INTO note_clock (id, change) VALUES (1, 0);
`;
