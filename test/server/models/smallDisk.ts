/** Imports a model to a disk that gets full, then read-only, and prints what came of it: run by `store.test.ts`. */
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFolder } from '../../../server/models/modelFolder.ts';
import { codeFrom } from '../storage/codeFrom.ts';
import { openModelStore } from './modelStore.ts';

const [, , disk = '', model = ''] = process.argv;
const folder = modelFolder({ root: disk });
const { add, registry, uploads, close } = await openModelStore(folder);
const filler = join(disk, 'filler');
const fill = (leave: number) => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - leave));
};
const left = () =>
  [readdirSync(folder.incoming), readdirSync(folder.blobs), registry.list()].map(({ length }) => length);

fill(200_000);
const before = [await codeFrom(() => add(model)), ...left()];
const upload = await codeFrom(() => uploads.start({ name: 'sent', version: 'latest', bytes: 1_000_000 }));
rmSync(filler);
let isFull = false;
const onProgress = () => {
  if (!isFull) fill(0);
  isFull = true;
};
const middle = [await codeFrom(() => add(model, { onProgress })), ...left()];
rmSync(filler);
const afterRoom = [await codeFrom(() => add(model)), ...left()];
await close();
execFileSync('mount', ['-o', 'remount,ro', disk]);
const readOnly = await codeFrom(() => openModelStore(modelFolder({ root: join(disk, 'new') })));
console.log(JSON.stringify({ before, upload, middle, afterRoom, readOnly }));
