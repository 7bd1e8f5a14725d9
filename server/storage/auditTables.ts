/**
 * The tables of an audit log, for the migrations of each database that keeps one. `server/audit/` says what hashes and seal
 * are made of.
 */
export const auditTables = `
CREATE TABLE audit (
  number   INTEGER PRIMARY KEY CHECK (number >= 1), -- without gaps, in the order of commits
  at       INTEGER NOT NULL,
  type     TEXT    NOT NULL,
  actor    TEXT    NOT NULL,
  subject  TEXT    NOT NULL,
  details  TEXT    NOT NULL CHECK (json_valid(details)), -- canonical JSON
  previous TEXT    NOT NULL,               -- the hash of the entry before
  hash     TEXT    NOT NULL
) STRICT;
CREATE TABLE audit_head (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  chain  TEXT    NOT NULL,                 -- which chain this is, in every hash
  number INTEGER NOT NULL CHECK (number >= pruned), -- of the last entry
  hash   TEXT    NOT NULL,
  pruned INTEGER NOT NULL CHECK (pruned >= 0), -- so many entries are gone, with a checkpoint that says so
  seal   TEXT    NOT NULL                  -- authenticates all of these
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
WHEN old.number > coalesce((SELECT pruned FROM audit_head), 0)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head
WHEN new.chain <> old.chain OR new.number < old.number OR new.pruned < old.pruned
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
`;
