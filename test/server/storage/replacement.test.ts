import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../../../server/storage/database.ts';
import { prepareReplacement } from '../../../server/storage/replacement.ts';
import { loadSqlite } from '../../../server/storage/sqlite.ts';
import { damagePages } from './damage.ts';
import {
  addTasks,
  KEY,
  OTHER_KEY,
  textsIn,
  type WorkspaceData,
  workspaceData,
  writeDatabase,
} from './workspaceData.ts';

const prepare = ({ location }: WorkspaceData, path: string) =>
  prepareReplacement({ location, keyOf: async () => KEY, path, now: () => 1000 });
const many = Array.from({ length: 300 }, (_, n) => `${n} ${'x'.repeat(500)}`);

test('a backup is copied, checked and left as it is', async () => {
  using data = workspaceData();
  const path = join(data.elsewhere, 'backup.db');
  await writeDatabase(path, ['one', 'two']);
  const before = readFileSync(path);
  const replacement = await prepare(data, path);
  assert.equal(replacement.tasks, 2);
  assert.deepEqual(data.names(), ['incoming.db'], 'its journals are written into it');
  if (process.platform !== 'win32') assert.equal(statSync(replacement.file).mode & 0o777, 0o600);
  assert.deepEqual(await textsIn(replacement.file), ['one', 'two']);
  replacement.dispose();
  assert.deepEqual(data.names(), []);
  assert.ok(readFileSync(path).equals(before));
});

test('a copy that was made while a server was at work has its newest changes too', async () => {
  using data = workspaceData();
  const live = join(data.elsewhere, 'live.db');
  const db = await openDatabase({ file: live, key: KEY });
  addTasks(db, 'only in the journal');
  const path = join(data.elsewhere, 'copy.db');
  for (const suffix of ['', '-wal']) copyFileSync(live + suffix, path + suffix);
  db.close();
  const replacement = await prepare(data, path);
  assert.deepEqual(await textsIn(replacement.file), ['only in the journal']);
});

test('its queue is paused where it would begin to work by itself', async () => {
  using data = workspaceData();
  const template = '{"kind":"ask","instruction":"x"}';
  const schedule = (nextAt: number) =>
    `INSERT INTO schedules (id, due, conditions, misfire, template, next_at, created_at)
     VALUES ('s', '{}', '[]', 'once', '${template}', ${nextAt}, 0)`;
  const contents: [sql: string, paused: boolean][] = [
    ['', false],
    [`UPDATE tasks SET status = 'cancelled'`, false],
    [`UPDATE tasks SET status = 'paused', reason = 'by a person'`, false],
    [`UPDATE tasks SET status = 'delayed', not_before = 9`, true],
    [`UPDATE tasks SET status = 'running', worker = '1:x', lease_until = 9, lease_ms = 9`, true],
    [schedule(1000), true],
    [schedule(1001), false],
    ['UPDATE workspace SET paused = 1', true],
  ];
  for (const [at, [sql, paused]] of contents.entries()) {
    const path = join(data.elsewhere, `${at}.db`);
    const db = await openDatabase({ file: path, key: KEY, synchronous: 'NORMAL' });
    if (sql.includes('tasks')) addTasks(db, 'one');
    db.exec(sql);
    db.close();
    const replacement = await prepare(data, path);
    assert.equal(replacement.paused, paused, sql);
    const copy = await openDatabase({ file: replacement.file, key: KEY });
    assert.equal(copy.prepare<[], { paused: number }>('SELECT paused FROM workspace').get()?.paused, paused ? 1 : 0);
    copy.close();
  }
});

test('what a server left that died while it prepared is not in the way', async () => {
  using data = workspaceData();
  const path = join(data.elsewhere, 'backup.db');
  await writeDatabase(path, ['one']);
  for (const name of ['incoming.db', 'incoming.db-wal', 'incoming.db-shm'])
    writeFileSync(join(data.location.folder, name), 'half');
  assert.equal((await prepare(data, path)).tasks, 1);
});

test('whatever is no good backup is refused with the reason, and nothing is left of it', async () => {
  using data = workspaceData();
  const at = (name: string) => join(data.elsewhere, name);
  const file = data.location.database;
  await writeDatabase(file, ['what is there']);
  const good = at('good.db');
  await writeDatabase(good, many);

  await writeDatabase(at('another workspace.db'), ['x'], OTHER_KEY);
  writeFileSync(at('notes.txt'), 'these are my notes, not a backup\n'.repeat(100));
  writeFileSync(at('empty.db'), '');
  writeFileSync(at('short.db'), readFileSync(good).subarray(0, 300));
  mkdirSync(at('folder.db'));
  const Database = await loadSqlite();
  const plain = new Database(at('plain.db'));
  plain.exec('CREATE TABLE tasks (id INTEGER)');
  plain.close();
  for (const name of ['truncated.db', 'longer.db', 'damaged.db']) copyFileSync(good, at(name));
  truncateSync(at('truncated.db'), 4096 * 10);
  damagePages(at('damaged.db'));
  copyFileSync(good, at('newer.db'));
  const newer = await openDatabase({ file: at('newer.db'), key: KEY });
  newer.pragma('user_version = 999');
  newer.close();
  copyFileSync(good, at('orphans.db'));
  const orphans = await openDatabase({ file: at('orphans.db'), key: KEY });
  orphans.pragma('foreign_keys = OFF');
  orphans.exec(`INSERT INTO proposals (task_id, status, created_at, updated_at) VALUES (9999, 'open', 0, 0)`);
  orphans.close();
  linkSync(file, at('same.db'));

  const refused = {
    [at('missing.db')]: 'not_found',
    [at('another workspace.db')]: 'key_wrong',
    [at('notes.txt')]: 'key_wrong',
    [at('empty.db')]: 'storage_corrupt',
    [at('short.db')]: 'storage_corrupt',
    [at('folder.db')]: 'storage_corrupt',
    [at('plain.db')]: 'storage_corrupt',
    [at('truncated.db')]: 'storage_corrupt',
    [at('damaged.db')]: 'storage_corrupt',
    [at('orphans.db')]: 'storage_corrupt',
    [at('newer.db')]: 'storage_newer',
    [file]: 'conflict',
    [at('same.db')]: 'conflict',
    'good.db': 'invalid_params',
  };
  for (const [path, code] of Object.entries(refused)) {
    await assert.rejects(prepare(data, path), { code }, path);
    assert.deepEqual(data.names(), ['ospain2.db'], path);
  }
  appendFileSync(at('longer.db'), 'a tail that no page has');
  assert.equal((await prepare(data, at('longer.db'))).tasks, many.length, 'a tail behind the last page is no harm');
  assert.deepEqual(await textsIn(file), ['what is there']);
});
