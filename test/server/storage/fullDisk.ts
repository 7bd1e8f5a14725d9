/** Fills the disk that it is given and prints what storage says: run by `disks.test.ts`. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../server/storage/database.ts';
import { createFolders, dataFolder } from '../../../server/storage/dataFolder.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { userKeys } from '../../support/userKeys.ts';
import { codeFrom } from './codeFrom.ts';

const disk = process.argv[2] ?? '';
const env = { OSPAIN2_DATA_DIR: join(disk, 'root'), OSPAIN2_KEY_STORE: 'file', XDG_RUNTIME_DIR: disk };
const location = dataFolder(disk, env);
const filler = join(disk, 'filler');
const fill = () => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize));
};
const KEY = '0'.repeat(96);

createFolders(location);
fill();
const key = await codeFrom(() => userKeys({ root: location.root, env }));
const database = await codeFrom(() => openDatabase({ file: location.database, key: KEY }));
rmSync(filler);

const open = async () => {
  const db = await openDatabase({ file: location.database, key: KEY });
  const queue = createQueue({ db, now: Date.now, onChange: () => {} });
  return { db, queue };
};
const first = await open();
const submit = () =>
  first.queue.submit({ kind: 'ask', instruction: 'x'.repeat(3000), model: 'default', autoAccept: 'none' });
writeFileSync(filler, Buffer.alloc(300_000));
let acknowledged = 0;
const full = await codeFrom(() => {
  for (;;) {
    submit();
    acknowledged += 1;
  }
});
const total = () => first.queue.list({ limit: 1 }).total;
const readWhileFull = total() === acknowledged;
rmSync(filler);
submit();
const afterRoom = total() === acknowledged + 1;
first.db.close();
const second = await open();
const afterRestart =
  second.queue.list({ limit: 1 }).total === acknowledged + 1 &&
  second.db.pragma('integrity_check', { simple: true }) === 'ok';
second.db.close();
console.log(JSON.stringify({ whileFull: { key, database }, full, readWhileFull, afterRoom, afterRestart }));
