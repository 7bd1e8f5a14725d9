/** Does something to a queue a number of times and ends: `strace` counts the syncs of it. Arguments: FILE SYNCHRONOUS WHAT TIMES. */
import { openOwn } from './ownStore.ts';

const [, , file = '', synchronous, what, times] = process.argv;
const store = await openOwn(file, { synchronous: synchronous === 'NORMAL' ? 'NORMAL' : 'FULL' });
for (let i = 0; i < Number(times); i++) await store.enqueue();
if (what === 'finish') for (let i = 0; i < Number(times); i++) store.finish();
// Without `close`, which writes the WAL back into the database and syncs both.
process.kill(process.pid, 'SIGKILL');
