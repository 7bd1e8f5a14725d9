/** Opens one new database with a given key, submits a task and prints how many there are. */
import { openDatabase } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { ready } from './processes.ts';

const [, , file = '', key = ''] = process.argv;
await ready();
const db = await openDatabase({ file, key, timeoutMs: 60_000 });
const queue = createQueue({ db, now: Date.now, onChange: () => {} });
queue.submit({ kind: 'ask', instruction: `from ${process.pid}`, model: 'default', autoAccept: 'none' });
console.log(db.pragma('integrity_check', { simple: true }));
db.close();
