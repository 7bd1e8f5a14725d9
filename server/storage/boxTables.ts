/** The table between boxes of notes and items; those come before it. */
export const boxTables = `
-- Whether a box and its item were done when they last agreed: the one that differs from this has changed since.
CREATE TABLE box_ticks (
  item_id TEXT    PRIMARY KEY REFERENCES items(id),
  note_id TEXT    NOT NULL,
  box     TEXT    NOT NULL,
  done    INTEGER NOT NULL CHECK (done IN (0, 1))
) STRICT, WITHOUT ROWID;
`;
