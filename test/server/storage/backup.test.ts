import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createBackup } from '../../../server/storage/backup.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { damagePages } from './damage.ts';
import { addTasks, KEY, OTHER_KEY, textsIn, workspaceData } from './workspaceData.ts';

const SECRET = 'Kolibri-Geheimnis-42';

test('a backup holds everything that was committed, encrypted, for this user alone', async () => {
  using data = workspaceData();
  const file = data.location.database;
  const db = await openDatabase({ file, key: KEY });
  const other = await openDatabase({ file, key: KEY });
  addTasks(db, `${SECRET} 1`);
  addTasks(other, `${SECRET} 2`);
  const path = join(data.elsewhere, 'today — “backup”.db');
  const written = await createBackup({ db, key: KEY, path });
  addTasks(other, 'after the backup');
  const bytes = readFileSync(path);
  assert.deepEqual(written, { path, bytes: bytes.length, tasks: 2 });
  assert.deepEqual(readdirSync(data.elsewhere), ['today — “backup”.db'], 'nothing else is left beside it');
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  for (const needle of [SECRET, 'SQLite format 3', 'CREATE TABLE']) assert.equal(bytes.includes(needle), false, needle);
  assert.deepEqual(await textsIn(path), [`${SECRET} 1`, `${SECRET} 2`]);
  await assert.rejects(openDatabase({ file: path, key: OTHER_KEY }), { code: 'key_wrong' });
  assert.deepEqual(await textsIn(file), [`${SECRET} 1`, `${SECRET} 2`, 'after the backup']);
  db.close();
  other.close();
});

test('a backup never takes the place of anything, and needs its folder', async () => {
  using data = workspaceData();
  const db = await openDatabase({ file: data.location.database, key: KEY });
  const at = (name: string) => join(data.elsewhere, name);
  writeFileSync(at('taken'), 'mine');
  mkdirSync(at('folder'));
  symlinkSync(at('nowhere'), at('link'));
  const refused = {
    [at('taken')]: 'conflict',
    [at('folder')]: 'conflict',
    [at('link')]: 'conflict',
    [data.location.database]: 'conflict',
    [at('no/such/folder.db')]: 'not_found',
    [at('taken/in a file.db')]: 'not_found',
    [at('x'.repeat(300))]: 'invalid_params',
    'relative.db': 'invalid_params',
    [at('zero\0byte')]: 'invalid_params',
  };
  for (const [path, code] of Object.entries(refused))
    await assert.rejects(createBackup({ db, key: KEY, path }), { code }, path);
  assert.equal(readFileSync(at('taken'), 'utf8'), 'mine');
  assert.deepEqual(readdirSync(data.elsewhere).sort(), ['folder', 'link', 'taken']);
  db.close();
});

test('a damaged database makes no backup', async () => {
  using data = workspaceData();
  const file = data.location.database;
  const db = await openDatabase({ file, key: KEY });
  addTasks(db, ...Array.from({ length: 300 }, (_, n) => `${n} ${'x'.repeat(500)}`));
  db.close();
  damagePages(file);
  const again = await openDatabase({ file, key: KEY });
  const path = join(data.elsewhere, 'backup.db');
  await assert.rejects(createBackup({ db: again, key: KEY, path }), { code: 'storage_corrupt' });
  again.close();
  assert.equal(existsSync(path), false);
  assert.deepEqual(readdirSync(data.elsewhere), []);
});
