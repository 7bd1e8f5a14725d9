/** Backs up to the disk that it is given when that is full and when it is read-only: run by `disks.test.ts`. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBackup } from '../../../server/storage/backup.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { writeLines } from '../../../server/storage/lineFile.ts';
import { prepareReplacement } from '../../../server/storage/replacement.ts';
import { codeFrom } from './codeFrom.ts';
import { addTasks, KEY, workspaceData } from './workspaceData.ts';

const disk = process.argv[2] ?? '';
using data = workspaceData();
const db = await openDatabase({ file: data.location.database, key: KEY });
addTasks(db, ...Array.from({ length: 100 }, (_, n) => `${n} ${'x'.repeat(1000)}`));
const target = join(disk, 'backup.db');
const lines = join(disk, 'lines.jsonl');
const back = () => codeFrom(() => createBackup({ db, key: KEY, path: target }));
const exported = () => codeFrom(() => writeLines(lines, ['x'.repeat(100_000)]));

const { bavail, bsize } = statfsSync(disk);
// Room for a few pages only.
const filler = join(disk, 'filler');
writeFileSync(filler, Buffer.alloc((bavail - 8) * bsize));
const full = { backup: await back(), export: await exported(), left: readdirSync(disk) };
rmSync(filler);
const good = join(data.elsewhere, 'good.db');
await createBackup({ db, key: KEY, path: good });

// The data folder's own disk.
const small = { ...data.location, folder: disk };
writeFileSync(filler, Buffer.alloc((bavail - 8) * bsize));
const restore = await codeFrom(() =>
  prepareReplacement({ location: small, keyOf: async () => KEY, path: good, now: Date.now }),
);
const left = readdirSync(disk);
rmSync(filler);
const afterRoom = await back();

execFileSync('mount', ['-o', 'remount,ro', disk]);
rmSync(good);
const fromReadOnly = await codeFrom(() =>
  prepareReplacement({ ...data, keyOf: async () => KEY, path: target, now: Date.now }),
);
const readOnly = { backup: await codeFrom(() => createBackup({ db, key: KEY, path: join(disk, 'more.db') })) };
db.close();
console.log(JSON.stringify({ full, restore, left, afterRoom, readOnly, fromReadOnly }));
