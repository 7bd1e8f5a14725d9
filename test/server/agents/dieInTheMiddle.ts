/** Accepts or undoes a proposal and kills itself at the nth rename or removal of a file: run by tests of proposals. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createProposals } from '../../../server/agents/proposals.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { KEY } from './workbench.ts';

const [file = '', root = '', taskId = '', verb, deathAt] = process.argv.slice(2);
const db = await openDatabase({ file, key: KEY });
const queue = createQueue({ db, now: Date.now, onChange: () => {} });
const proposals = createProposals({ audit() {}, db, queue, root, now: Date.now });

let left = Number(deathAt);
const before =
  <A extends unknown[], R>(run: (...args: A) => R) =>
  (...args: A): R => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
    return run(...args);
  };
fs.renameSync = before(fs.renameSync);
fs.rmSync = before(fs.rmSync);
// After the last file: before the transaction ends.
const { fsyncSync } = fs;
fs.fsyncSync = (handle) => {
  if (left === 1 && fs.fstatSync(handle).isDirectory()) process.kill(process.pid, 'SIGKILL');
  fsyncSync(handle);
};
syncBuiltinESMExports();
if (verb === 'accept') proposals.accept(taskId);
else if (verb === 'acceptPart') {
  // The first hunk of the first file, and a file that is moved.
  const [file, , moved] = proposals.show(taskId).files;
  const hunks = file?.hunks.slice(0, 1).map(({ id }) => id) ?? [];
  proposals.accept(taskId, { files: [{ path: file?.path ?? '', hunks }, { path: moved?.path ?? '' }] });
} else proposals.undo(taskId);
