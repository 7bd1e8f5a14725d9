import assert from 'node:assert/strict';
import {
  closeSync,
  copyFileSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { migrations } from '../../../server/storage/migrations.ts';
import { loadSqlite } from '../../../server/storage/sqlite.ts';
import { createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { tempFolder } from '../../support/temp.ts';
import { allOf } from './processes.ts';

const KEY = '0123456789abcdef'.repeat(6);
const SECRET = 'Kolibri-Geheimnis-42';

const queueOf = (db: Db): Queue => createQueue({ db, now: Date.now, onChange: () => {} });
const submit = (queue: Queue, instruction: string) =>
  queue.submit({ kind: 'ask', instruction, model: 'default', autoAccept: 'none' });

/** A closed database with a few hundred tasks. */
async function filled(folder: string): Promise<string> {
  const file = join(folder, 'ospain2.db');
  const db = await openDatabase({ file, key: KEY, synchronous: 'NORMAL' });
  const queue = queueOf(db);
  for (let n = 0; n < 300; n++) submit(queue, `${SECRET} ${n} ${'x'.repeat(500)}`);
  db.close();
  return file;
}

test('a database is opened as the recipe of its promises says', async () => {
  using temp = tempFolder('db');
  const file = join(temp.path, 'ospain2.db');
  const db = await openDatabase({ file, key: KEY });
  const pragma = (name: string) => db.pragma(name, { simple: true });
  assert.deepEqual(
    ['cipher', 'journal_mode', 'synchronous', 'temp_store', 'foreign_keys', 'user_version'].map(pragma),
    ['aegis', 'wal', 2, 2, 1, migrations.length],
  );
  submit(queueOf(db), 'one');
  if (process.platform !== 'win32')
    for (const name of readdirSync(temp.path)) assert.equal(statSync(join(temp.path, name)).mode & 0o777, 0o600, name);
  db.close();
  const again = await openDatabase({ file, key: KEY });
  assert.equal(queueOf(again).get('1').instruction, 'one');
  again.close();
});

test('no file of the folder holds plain text, while it is open and after', async () => {
  using temp = tempFolder('db');
  const file = join(temp.path, 'ospain2.db');
  const needles = [SECRET, 'instruction', 'CREATE TABLE', 'SQLite format 3'].flatMap((text) => [
    Buffer.from(text),
    Buffer.from(text, 'utf16le'),
  ]);
  const assertSealed = (wanted: string[]) => {
    assert.deepEqual(readdirSync(temp.path).sort(), wanted);
    for (const name of wanted) {
      const bytes = readFileSync(join(temp.path, name));
      for (const needle of needles) assert.equal(bytes.includes(needle), false, `${name} holds ${needle}`);
    }
  };
  const db = await openDatabase({ file, key: KEY });
  const queue = queueOf(db);
  for (let n = 0; n < 50; n++) submit(queue, `${SECRET} ${n}`);
  db.pragma('wal_checkpoint(PASSIVE)');
  for (let n = 0; n < 50; n++) submit(queue, `${SECRET} ${n}`);
  assertSealed(['ospain2.db', 'ospain2.db-shm', 'ospain2.db-wal']);
  db.close();
  assertSealed(['ospain2.db']);
});

test('the scan for plain text finds it in a database without a key', async () => {
  using temp = tempFolder('db');
  const file = join(temp.path, 'plain.db');
  const Database = await loadSqlite();
  const db = new Database(file);
  db.exec(`CREATE TABLE t (x); INSERT INTO t VALUES ('${SECRET}')`);
  db.close();
  assert.ok(readFileSync(file).includes(SECRET));
});

test('a wrong key, and a file that is no database, is an error and changes nothing', async () => {
  using temp = tempFolder('db');
  const file = await filled(temp.path);
  const before = readFileSync(file);
  await assert.rejects(openDatabase({ file, key: 'f'.repeat(96) }), { code: 'key_wrong' });
  assert.deepEqual(readFileSync(file), before);
  const db = await openDatabase({ file, key: KEY });
  assert.equal(queueOf(db).list({ limit: 1 }).total, 300, 'the right key still opens it');
  db.close();
  await assert.rejects(openDatabase({ file: import.meta.filename, key: KEY }), { code: 'key_wrong' });
});

test('a damaged database is an error and never a wrong answer', async () => {
  using temp = tempFolder('db');
  const file = await filled(temp.path);
  const { size } = statSync(file);
  const place = await placeOf(file, 'tasks');
  const damages: Array<[name: string, code: string, damage: (copy: string) => void]> = [
    ['a flipped byte in the first page', 'key_wrong', (copy) => flip(copy, 200)],
    ['a flipped byte of a task', 'storage_corrupt', (copy) => flip(copy, place)],
    ['half of the file', 'storage_corrupt', (copy) => truncateSync(copy, Math.floor(size / 8192) * 4096)],
    ['all but the last bytes', 'storage_corrupt', (copy) => truncateSync(copy, size - 100)],
  ];
  for (const [name, code, damage] of damages) {
    const copy = join(temp.path, 'copy.db');
    copyFileSync(file, copy);
    damage(copy);
    const bytes = readFileSync(copy);
    await assert.rejects(readAll(copy), { name: 'OspainError', code }, name);
    assert.deepEqual(readFileSync(copy), bytes, `${name}: the file is left as it was`);
  }
});

/** Where in the file rows of a table lie. */
async function placeOf(file: string, table: string): Promise<number> {
  const db = await openDatabase({ file, key: KEY });
  const leaf = db.prepare<[string], { pgoffset: number }>(
    `SELECT pgoffset FROM dbstat WHERE name = ? AND pagetype = 'leaf' LIMIT 1`,
  );
  const { pgoffset = 0 } = leaf.get(table) ?? {};
  db.close();
  return pgoffset + 1000;
}

async function readAll(file: string): Promise<void> {
  const db = await openDatabase({ file, key: KEY });
  try {
    const queue = queueOf(db);
    for (const { id } of queue.list({ limit: 1000 }).tasks) queue.events(id);
  } finally {
    db.close();
  }
}

function flip(file: string, at: number): void {
  const byte = readFileSync(file)[at] ?? 0;
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.from([byte ^ 0xff]), 0, 1, at);
  closeSync(descriptor);
}

test('a database of a newer version is refused and left as it is', async () => {
  using temp = tempFolder('db');
  const file = await filled(temp.path);
  const db = await openDatabase({ file, key: KEY });
  db.pragma('user_version = 99');
  db.close();
  await assert.rejects(openDatabase({ file, key: KEY }), { code: 'storage_newer' });
});

test('a database that another process is writing is busy, after the wait', async () => {
  using temp = tempFolder('db');
  const file = await filled(temp.path);
  const writer = await openDatabase({ file, key: KEY });
  const reader = await openDatabase({ file, key: KEY, timeoutMs: 1 });
  const queue = queueOf(reader);
  writer.exec('BEGIN IMMEDIATE');
  assert.throws(() => submit(queue, 'too early'), { code: 'storage_busy' });
  assert.equal(queue.list({ limit: 1 }).total, 300, 'reading goes on meanwhile');
  writer.exec('COMMIT');
  submit(queue, 'now');
  reader.close();
  writer.close();
});

test('a database that somebody deletes takes no further writes', {
  skip: process.platform === 'win32' && 'Windows does not delete open files',
}, async () => {
  using temp = tempFolder('db');
  const file = await filled(temp.path);
  const db = await openDatabase({ file, key: KEY });
  const queue = queueOf(db);
  const away = join(temp.path, 'away.db');
  renameSync(file, away);
  assert.throws(() => submit(queue, 'lost'), { code: 'storage_failed' });
  copyFileSync(away, file);
  assert.throws(
    () => submit(queue, 'lost'),
    { code: 'storage_failed' },
    'another file with the name is not the database',
  );
  db.close();
});

test('five processes that open a new database at one moment all get it', { timeout: 300_000 }, async () => {
  for (let round = 0; round < 3; round++) {
    using temp = tempFolder('db');
    const file = join(temp.path, 'ospain2.db');
    assert.deepEqual(await allOf(5, 'firstOpen.ts', [file, KEY]), Array(5).fill('ok'));
    const db = await openDatabase({ file, key: KEY });
    assert.equal(queueOf(db).list({ limit: 10 }).total, 5);
    db.close();
  }
});
