import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../server/storage/database.ts';
import { prepareReplacement } from '../../../server/storage/replacement.ts';
import { swapDatabase } from '../../../server/storage/swap.ts';
import { addTasks, KEY, textsIn, textsOf, type WorkspaceData, workspaceData, writeDatabase } from './workspaceData.ts';

const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const KEPT = 'ospain2.replaced-20260102T030405006Z.db';

/** A database with `old` and a backup with `new`. */
async function oldAndNew(data: WorkspaceData): Promise<string> {
  const path = join(data.elsewhere, 'backup.db');
  await writeDatabase(path, ['new']);
  await writeDatabase(data.location.database, ['old']);
  return path;
}

async function swap(data: WorkspaceData, path: string, patienceMs = 0): Promise<string> {
  const { location } = data;
  const replacement = await prepareReplacement({ location, keyOf: async () => KEY, path, now });
  try {
    return await swapDatabase({ location, key: KEY, replacement, now, patienceMs });
  } finally {
    replacement.dispose();
  }
}

test('the new database takes the place of the old one, which is kept whole', async () => {
  using data = workspaceData();
  const path = await oldAndNew(data);
  const kept = await swap(data, path);
  assert.deepEqual(data.names(), ['ospain2.db', KEPT]);
  assert.equal(kept, join(data.location.folder, KEPT));
  if (process.platform !== 'win32')
    for (const name of data.names()) assert.equal(statSync(join(data.location.folder, name)).mode & 0o777, 0o600);
  assert.deepEqual(await textsIn(data.location.database), ['new']);
  assert.deepEqual(await textsIn(kept), ['old']);
});

test('what only the journal of a server that died knows is kept too', async () => {
  using data = workspaceData();
  const { database } = data.location;
  const path = join(data.elsewhere, 'backup.db');
  await writeDatabase(path, ['new']);
  const db = await openDatabase({ file: database, key: KEY });
  addTasks(db, 'only in the journal');
  const wal = readFileSync(`${database}-wal`);
  db.close();
  // As a kill leaves it: the journal is there again, and nobody has it open.
  writeFileSync(`${database}-wal`, wal, { mode: 0o600 });
  const kept = await swap(data, path);
  assert.deepEqual(data.names(), ['ospain2.db', KEPT]);
  assert.deepEqual(await textsIn(database), ['new']);
  assert.deepEqual(await textsIn(kept), ['only in the journal']);
});

test('as long as another program has the database open nothing is replaced', { timeout: 60_000 }, async () => {
  using data = workspaceData();
  const path = await oldAndNew(data);
  const { database } = data.location;
  const other = await openDatabase({ file: database, key: KEY });
  await assert.rejects(swap(data, path), { code: 'storage_busy' });
  addTasks(other, 'written by the other');
  assert.deepEqual(textsOf(other), ['old', 'written by the other']);
  // It leaves while the other waits.
  const swapping = swap(data, path, 30_000);
  setImmediate(() => other.close());
  assert.deepEqual(await textsIn(await swapping), ['old', 'written by the other']);
  assert.deepEqual(await textsIn(database), ['new']);
});

test('a kept database of the same moment stays; nothing is replaced', async () => {
  using data = workspaceData();
  const path = await oldAndNew(data);
  writeFileSync(join(data.location.folder, KEPT), 'kept before');
  await assert.rejects(swap(data, path));
  assert.deepEqual(await textsIn(data.location.database), ['old']);
  assert.equal(readFileSync(join(data.location.folder, KEPT), 'utf8'), 'kept before');
});

test('a database that cannot be read is replaced and kept', async () => {
  using data = workspaceData();
  const path = await oldAndNew(data);
  const { database } = data.location;
  writeFileSync(database, 'not a database any more'.repeat(1000));
  const kept = await swap(data, path);
  assert.deepEqual(data.names(), ['ospain2.db', KEPT]);
  assert.match(readFileSync(kept, 'utf8'), /^not a database any more/);
  assert.deepEqual(await textsIn(database), ['new']);
});

const whereOpenFilesMove = { skip: process.platform === 'win32' && 'Windows does not rename what is open' };

test('its journal is kept with it, and never read into the new one', whereOpenFilesMove, async () => {
  using data = workspaceData();
  const path = await oldAndNew(data);
  const { database } = data.location;
  // As long as somebody has the old one open, its journal stays; the damage is in a page that is not in the journal.
  const other = await openDatabase({ file: database, key: KEY });
  other.pragma('wal_checkpoint(TRUNCATE)');
  other.exec('UPDATE tasks SET updated_at = 1');
  writeFileSync(database, 'not a database any more'.repeat(1000), { flag: 'r+' });
  const kept = await swap(data, path);
  assert.deepEqual(data.names(), ['ospain2.db', KEPT, `${KEPT}-shm`, `${KEPT}-wal`]);
  assert.deepEqual(await textsIn(database), ['new']);
  assert.match(readFileSync(kept, 'utf8'), /^not a database any more/);
  other.close();
});

test('killed at any moment, either the old or the new database is in place, whole', { timeout: 600_000 }, async () => {
  const program = fileURLToPath(new URL('dieInTheSwap.ts', import.meta.url));
  const found: string[] = [];
  for (let deathAt = 1, died = true; died; deathAt++) {
    using data = workspaceData();
    const path = await oldAndNew(data);
    const args = [program, JSON.stringify(data.location), path, String(deathAt)];
    const { signal, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    died = signal === 'SIGKILL';
    assert.ok(died || status === 0, stderr);
    const [text = 'nothing'] = await textsIn(data.location.database);
    found.push(text);
    // The next one is not hindered by what the dead one left.
    await swapAgain(data, path);
  }
  const switched = found.indexOf('new');
  assert.ok(switched > 5, `it was killed before the swap, too: ${found}`);
  assert.ok(found.length > switched + 1, `and after it: ${found}`);
  assert.deepEqual(
    found,
    found.map((_, at) => (at < switched ? 'old' : 'new')),
  );
});

async function swapAgain(data: WorkspaceData, path: string): Promise<void> {
  const { location } = data;
  const replacement = await prepareReplacement({ location, keyOf: async () => KEY, path, now });
  await swapDatabase({ location, key: KEY, replacement, now: () => now() + 1 });
  assert.deepEqual(await textsIn(location.database), ['new']);
}
