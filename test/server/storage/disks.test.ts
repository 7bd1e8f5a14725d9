import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { tempFolder } from '../../support/temp.ts';

const KEY = '0123456789abcdef'.repeat(6);

const onLinux = {
  skip: process.platform !== 'linux' && 'a disk of its own is mounted only on Linux',
  timeout: 120_000,
};

test('a database that may not grow is full, and keeps what it acknowledged', async () => {
  using temp = tempFolder('full');
  const db = await openDatabase({ file: join(temp.path, 'ospain2.db'), key: KEY });
  const queue = createQueue({ db, now: Date.now, onChange: () => {} });
  const submit = () =>
    queue.submit({ kind: 'ask', instruction: 'x'.repeat(5000), model: 'default', autoAccept: false });
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
    assert.deepEqual(onOwnDisk('fullDisk.ts'), {
      whileFull: { key: 'storage_full', database: 'storage_full' },
      full: 'storage_full',
      readWhileFull: true,
      afterRoom: true,
      afterRestart: true,
    });
  },
);

test('a read-only disk is an error with a code', onLinux, () => {
  assert.deepEqual(onOwnDisk('readOnlyDisk.ts'), {
    folders: 'storage_read_only',
    key: 'storage_read_only',
    database: 'storage_read_only',
    existing: 'storage_read_only',
  });
});

test('a backup to a full or read-only disk is an error with a code, and leaves nothing behind', onLinux, () => {
  assert.deepEqual(onOwnDisk('backupDisk.ts'), {
    full: { backup: 'storage_full', export: 'storage_full', left: ['filler'] },
    restore: 'storage_full',
    left: ['filler'],
    afterRoom: 'none',
    readOnly: { backup: 'storage_read_only' },
    fromReadOnly: 'none',
  });
});

/** Runs a program with the folder of a small disk that exists for it alone; answers what it printed. */
function onOwnDisk(program: string): unknown {
  using temp = tempFolder('disk');
  const disk = join(temp.path, 'disk');
  mkdirSync(disk);
  const file = fileURLToPath(new URL(program, import.meta.url));
  const mount = 'mount -t tmpfs -o size=1m,mode=0700 none "$1" && exec "$2" "$3" "$1"';
  // Mounting needs rights over a namespace of its own: root has them, others get them with a user namespace.
  const rights = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];
  const { status, stdout, stderr, error } = spawnSync(
    'unshare',
    [...rights, '--', 'sh', '-c', mount, 'sh', disk, process.execPath, file],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, `a disk for the test could not be mounted, or the program on it failed: ${error ?? stderr}`);
  return JSON.parse(stdout);
}
