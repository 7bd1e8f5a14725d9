/** Does something to a queue a number of times and ends: `strace` counts the syncs of it. Arguments: FILE SYNCHRONOUS WHAT TIMES. */
import { openOwn } from './ownStore.ts';

const [, , file = '', synchronous, what, times] = process.argv;
const store = await openOwn(file, { synchronous: synchronous === 'NORMAL' ? 'NORMAL' : 'FULL' });
if (what === 'enqueueAtOnce') await store.enqueueAtOnce(Number(times));
else for (let i = 0; i < Number(times); i++) await store.enqueue();
if (what === 'finish') for (let i = 0; i < Number(times); i++) store.finish();
if (what === 'work') store.work(Number(times), 1);
// Without `close`, which writes the WAL back into the database and syncs both.
process.kill(process.pid, 'SIGKILL');
