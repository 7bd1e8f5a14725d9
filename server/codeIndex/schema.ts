/**
 * The schema of the index of a workspace's code, one entry a version. It is a database of its own beside the workspace's:
 * all of it can be made anew from the files, so it is in no backup, and one that cannot be read is thrown away.
 */
export const indexMigrations: readonly string[] = [
  `
CREATE TABLE files (
  id    INTEGER PRIMARY KEY,
  path  TEXT    NOT NULL UNIQUE,
  size  INTEGER NOT NULL,                 -- bytes; with mtime, what tells that a file need not be read again
  mtime INTEGER NOT NULL,                 -- microseconds
  hash  TEXT    NOT NULL,                 -- SHA-256 of the content
  round INTEGER NOT NULL                  -- the last round that saw it
) STRICT;
CREATE INDEX files_round ON files(round);

-- Lines of a file that belong together: a definition, or some lines between two.
CREATE TABLE chunks (
  id        INTEGER PRIMARY KEY,
  file_id   INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
  from_line INTEGER NOT NULL,
  to_line   INTEGER NOT NULL,
  name      TEXT,                         -- of the definition, with the names around it
  vector    BLOB                          -- one signed byte a dimension, of length 127 or so; null: not embedded
) STRICT;
CREATE INDEX chunks_file ON chunks(file_id);
CREATE INDEX chunks_bare ON chunks(id) WHERE vector IS NULL;

CREATE TABLE symbols (
  file_id INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE,
  name    TEXT    NOT NULL COLLATE NOCASE,
  kind    TEXT    NOT NULL,
  within  TEXT    NOT NULL,               -- names around it, joined by dots
  line    INTEGER NOT NULL
) STRICT;
CREATE INDEX symbols_name ON symbols(name);
CREATE INDEX symbols_file ON symbols(file_id);

-- The words of chunks, without the text itself, which is in the files. With less detail bm25 would count nothing.
CREATE VIRTUAL TABLE words USING fts5(name, body, content = '', contentless_delete = 1, tokenize = 'porter unicode61');
CREATE TRIGGER chunks_gone AFTER DELETE ON chunks BEGIN DELETE FROM words WHERE rowid = old.id; END;

CREATE TABLE state (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  round    INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,    -- of the last round that came to its end; Unix milliseconds
  complete INTEGER NOT NULL DEFAULT 1,    -- 0: there were more files than are looked at
  embedder TEXT,                          -- the model of the vectors, as name@version
  owner    TEXT,                          -- the server that is at work, and until when others leave it to it
  until    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO state (id) VALUES (1);
`,
];
