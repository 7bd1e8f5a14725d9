import type { RecordAudit } from '../audit/auditLog.ts';
import type { Db } from '../storage/database.ts';
import { createTransact } from '../storage/transaction.ts';
import type { Connection, RecordEgress } from './egress.ts';
import type { Traffic } from './exchange.ts';

/** For a migration of the database that keeps the log. Rows are written before a connection is made, and stay. */
export const EGRESS_TABLE = `
CREATE TABLE egress (
  id       INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  host     TEXT    NOT NULL,
  port     INTEGER NOT NULL,
  purpose  TEXT    NOT NULL,
  sent     INTEGER,                        -- bytes; null while it is open, and for good when the process died first
  received INTEGER,
  CHECK ((sent IS NULL) = (received IS NULL))
) STRICT;
CREATE TRIGGER egress_closed_once BEFORE UPDATE ON egress
WHEN old.sent IS NOT NULL OR new.id <> old.id OR new.at <> old.at OR new.host <> old.host OR new.port <> old.port
  OR new.purpose <> old.purpose
BEGIN SELECT RAISE(ABORT, 'the egress log is append-only'); END;
CREATE TRIGGER egress_no_delete BEFORE DELETE ON egress
BEGIN SELECT RAISE(ABORT, 'the egress log is append-only'); END;
`;

/** A connection that was made; without its traffic while it is open, or when the process died before it closed. */
export interface EgressRow extends Connection {
  id: number;
  sent: number | null;
  received: number | null;
}

/** Of all connections that were ever made; one that is open counts without its traffic. */
export interface EgressTotals extends Traffic {
  connections: number;
  lastAt: number | null;
}

export interface EgressLog {
  record: RecordEgress;
  /** Newest first. */
  list(limit: number): EgressRow[];
  totals(): EgressTotals;
}

/** Over a database that has `EGRESS_TABLE`. */
export function createEgressLog(db: Db, audit: RecordAudit): EgressLog {
  const transact = createTransact(db);
  const open = db.prepare<Connection>(
    'INSERT INTO egress (at, host, port, purpose) VALUES (@at, @host, @port, @purpose)',
  );
  const close = db.prepare<Traffic & { id: number }>(
    'UPDATE egress SET sent = @sent, received = @received WHERE id = @id',
  );
  const newest = db.prepare<[number], EgressRow>('SELECT * FROM egress ORDER BY id DESC LIMIT ?');
  const totals = db.prepare<[], EgressTotals>(
    `SELECT count(*) AS connections, coalesce(sum(sent), 0) AS sent, coalesce(sum(received), 0) AS received,
       max(at) AS lastAt FROM egress`,
  );
  return {
    record(connection) {
      const { host, port, purpose } = connection;
      const subject = `${host}:${port}`;
      const id = transact(() => {
        const row = open.run(connection);
        audit({ type: 'egress.opened', subject, details: { purpose, connection: Number(row.lastInsertRowid) } });
        return Number(row.lastInsertRowid);
      });
      return ({ sent, received }) =>
        transact(() => {
          close.run({ sent, received, id });
          audit({ type: 'egress.closed', subject, details: { sent, received, connection: id } });
        });
    },
    list: (limit) => newest.all(limit),
    totals: () => totals.get() ?? { connections: 0, sent: 0, received: 0, lastAt: null },
  };
}
