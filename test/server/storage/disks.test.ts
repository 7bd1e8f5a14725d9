import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { onOwnDisk } from '../../support/ownDisk.ts';
import { tempFolder } from '../../support/temp.ts';

const KEY = '0123456789abcdef'.repeat(6);

const onDisk = (program: string) => onOwnDisk(fileURLToPath(new URL(program, import.meta.url)));

const onLinux = {
  skip: process.platform !== 'linux' && 'a disk of its own is mounted only on Linux',
  timeout: 120_000,
};

test('a database that may not grow is full, and keeps what it acknowledged', async () => {
  using temp = tempFolder('full');
  const db = await openDatabase({ file: join(temp.path, 'ospain2.db'), key: KEY });
  const queue = createQueue({ db, now: Date.now, onChange: () => {} });
  const submit = () =>
    queue.submit({ kind: 'ask', instruction: 'x'.repeat(5000), model: 'default', autoAccept: 'none' });
  submit();
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
  assert.throws(
    () => {
      for (let n = 0; n < 100; n++) submit();
    },
    { code: 'storage_full' },
  );
  const { total } = queue.list({ limit: 1 });
  db.pragma('max_page_count = 1000000');
  submit();
  assert.equal(queue.list({ limit: 1 }).total, total + 1);
  db.close();
});

test(
  'a full disk is an error with a code; nothing acknowledged is lost, and it goes on when there is room',
  onLinux,
  () => {
    assert.deepEqual(onDisk('fullDisk.ts'), {
      whileFull: { key: 'storage_full', database: 'storage_full' },
      full: 'storage_full',
      readWhileFull: true,
      afterRoom: true,
      afterRestart: true,
    });
  },
);

test(
  'a disk that is full at each place of the way in turn: nothing acknowledged is lost, and it goes on',
  onLinux,
  () => {
    assert.deepEqual(onDisk('fullAtEachWrite.ts'), { rounds: true, faults: [] });
  },
);

test('a read-only disk is an error with a code', onLinux, () => {
  assert.deepEqual(onDisk('readOnlyDisk.ts'), {
    folders: 'storage_read_only',
    key: 'storage_read_only',
    database: 'storage_read_only',
    existing: 'storage_read_only',
  });
});

test('a backup to a full or read-only disk is an error with a code, and leaves nothing behind', onLinux, () => {
  assert.deepEqual(onDisk('backupDisk.ts'), {
    full: { backup: 'storage_full', export: 'storage_full', left: ['filler'] },
    restore: 'storage_full',
    left: ['filler'],
    afterRoom: 'none',
    readOnly: { backup: 'storage_read_only' },
    fromReadOnly: 'none',
  });
});
