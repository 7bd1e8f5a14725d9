import { join } from 'node:path';
import { type Actors, createActors } from '../../../server/audit/actors.ts';
import { type AuditLog, createAuditLog } from '../../../server/audit/auditLog.ts';
import { auditTables } from '../../../server/storage/auditTables.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { tempFolder } from '../../support/temp.ts';

export const KEY = 'a1'.repeat(48);

export interface AuditBench extends Disposable {
  file: string;
  db: Db;
  log: AuditLog;
  actors: Actors;
  /** Of the clock, which goes on by one second with each entry. */
  time: { now: number };
  /** The same chain as another server has it. */
  another(key?: string): Promise<{ db: Db; log: AuditLog } & Disposable>;
}

/** A real encrypted database with nothing but an audit log. */
export async function auditBench(): Promise<AuditBench> {
  const folder = tempFolder('audit');
  const file = join(folder.path, 'audit.db');
  const time = { now: Date.UTC(2026, 10, 23) };
  const actors = createActors();
  const now = () => (time.now += 1000);
  const open = async (key = KEY) => {
    const db = await openDatabase({ file, key, migrations: [auditTables] });
    const log = createAuditLog({ db, key, name: 'workspace', actors, now });
    return { db, log, [Symbol.dispose]: () => void db.close() };
  };
  const { db, log } = await open();
  return {
    ...{ file, db, log, actors, time, another: open },
    [Symbol.dispose]() {
      db.close();
      folder[Symbol.dispose]();
    },
  };
}

/** Lifts what forbids it, as somebody would who has the database open. */
export function forge(db: Db, change: () => void): void {
  const triggers = db
    .prepare<[], { name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'audit%'`,
    )
    .all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  try {
    change();
  } finally {
    for (const { sql } of triggers) db.exec(sql);
  }
}
