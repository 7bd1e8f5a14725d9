/** A server that writes entries until it is killed, and says of each that it is committed: `recordForever.ts <file> <key>`. */
import { writeSync } from 'node:fs';
import { createActors } from '../../../server/audit/actors.ts';
import { createAuditLog } from '../../../server/audit/auditLog.ts';
import { auditTables } from '../../../server/storage/auditTables.ts';
import { openDatabase } from '../../../server/storage/database.ts';

const [, , file = '', key = ''] = process.argv;
const db = await openDatabase({ file, key, migrations: [auditTables], synchronous: 'NORMAL' });
const log = createAuditLog({ db, key, name: 'workspace', actors: createActors(), now: Date.now });
for (;;) {
  log.record({ type: 'command.begun', subject: 'make', details: { process: process.pid } });
  writeSync(1, '.');
}
