/** Replaces a database and kills itself at the nth use of the file system: run by `swap.test.ts`. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { addTasks, KEY } from './workspaceData.ts';

const [location = '', path = '', deathAt] = process.argv.slice(2);
let left = Number(deathAt);
const before =
  <A extends unknown[], R>(run: (...args: A) => R) =>
  (...args: A): R => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
    return run(...args);
  };
fs.linkSync = before(fs.linkSync);
fs.renameSync = before(fs.renameSync);
fs.rmSync = before(fs.rmSync);
fs.fsyncSync = before(fs.fsyncSync);
fs.writeFileSync = before(fs.writeFileSync);
fs.chmodSync = before(fs.chmodSync);
syncBuiltinESMExports();

const { openDatabase } = await import('../../../server/storage/database.ts');
const { whileReplacing } = await import('../../../server/storage/handover.ts');
const { prepareReplacement } = await import('../../../server/storage/replacement.ts');
const { swapDatabase } = await import('../../../server/storage/swap.ts');
const options = { location: JSON.parse(location), key: KEY, now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6) };
const db = await openDatabase({ file: options.location.database, key: KEY });
addTasks(db, 'in the journal');
const replacement = await prepareReplacement({ ...options, keyOf: async () => KEY, path });
db.close();
await whileReplacing(options.location, () => swapDatabase({ ...options, replacement }));
replacement.dispose();
