import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkFolder, checkKeyring, checkMemory, checkSocket } from '../../../server/doctor/place.ts';
import { dataFolder } from '../../../server/storage/dataFolder.ts';
import { onOwnDisk } from '../../support/ownDisk.ts';
import { tempFolder } from '../../support/temp.ts';
import { openBus } from '../storage/fakeBus.ts';

const onWindows = process.platform === 'win32' && 'Windows has other rights';
const onLinux = process.platform !== 'linux' && 'Linux only';
const NOBODY = 65_534;
const SOMEBODY = 65_533;

/** Rights say nothing to the administrator. */
function asNobody<T>(run: () => T): T {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(NOBODY);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

/** The check mends a folder of its own user; where we may, it becomes that of somebody else. */
function openToAll(...folders: string[]): void {
  for (const folder of folders) {
    chmodSync(folder, 0o777);
    if (process.getuid?.() === 0) chownSync(folder, SOMEBODY, SOMEBODY);
  }
}

/** A folder for temporary files that another user cannot enter shows nothing to one. */
const notForNobody = tmpdir() !== '/tmp' && 'temporary files are not in /tmp';

describe('the doctor, of the data folder', () => {
  it('finds one that can be made and written, and leaves nothing in it', () => {
    using temp = tempFolder('doctor');
    const root = join(temp.path, 'a', 'b');
    const { status, found } = checkFolder({ root });
    assert.notEqual(status, 'failed');
    assert.match(found, /^.*a.b, \d+\.\d GB free$/);
  });

  it('finds one without rights', { skip: onWindows }, () => {
    using temp = tempFolder('doctor');
    chmodSync(temp.path, 0o555);
    const { status, advice } = asNobody(() => checkFolder({ root: join(temp.path, 'data') }));
    assert.equal(status, 'failed');
    assert.match(advice ?? '', /OSPAIN2_DATA_DIR/);
  });

  it('finds one that others may open, and says the command', { skip: onWindows || notForNobody }, () => {
    using temp = tempFolder('doctor');
    const root = join(temp.path, 'data');
    mkdirSync(root);
    openToAll(temp.path, root);
    const { status, advice } = asNobody(() => checkFolder({ root }));
    assert.equal(status, process.getuid?.() === 0 ? 'warning' : 'ok');
    if (status === 'warning') assert.equal(advice, `Run: chmod 700 "${root}"`);
  });

  it('finds a file in its place', () => {
    using temp = tempFolder('doctor');
    writeFileSync(join(temp.path, 'data'), '');
    assert.equal(checkFolder({ root: join(temp.path, 'data') }).status, 'failed');
  });

  it('finds a full disk', { skip: onLinux }, () => {
    const program = fileURLToPath(new URL('fullFolder.ts', import.meta.url));
    const { empty, full } = onOwnDisk(program, { size: '400m' }) as Record<string, { status: string; advice: string }>;
    assert.equal(empty?.status, 'warning', 'there is room, and not for a large model');
    assert.equal(full?.status, 'failed');
    assert.match(full?.advice ?? '', /^Free some space/);
  });
});

describe('the doctor, of the keyring', { skip: onLinux }, () => {
  it('finds none where there is no bus', async () => {
    const { status, found, advice } = await checkKeyring({});
    assert.deepEqual([status, found.startsWith('none')], ['warning', true]);
    assert.match(advice ?? '', /gnome-keyring/);
  });

  it('does not miss one that nobody wants', async () =>
    assert.equal((await checkKeyring({ OSPAIN2_KEY_STORE: 'file' })).status, 'ok'));

  for (const [manner, status] of [
    ['empty', 'warning'],
    ['silent', 'failed'],
  ] as const)
    it(`comes to an end with one that is ${manner}`, async () => {
      using temp = tempFolder('doctor');
      using bus = await openBus(join(temp.path, 'bus'), manner);
      const patience = { opening: manner === 'silent' ? 300 : 30_000, answering: 30_000 };
      const finding = await checkKeyring({ ...process.env, OSPAIN2_KEY_STORE: '', ...bus.env }, patience);
      assert.equal(finding.status, status, finding.found);
      assert.ok(finding.advice);
    });
});

describe('the doctor, of memory', () => {
  for (const [available, status] of [
    [0.5e9, 'failed'],
    [2e9, 'warning'],
    [16e9, 'ok'],
  ] as const)
    it(`${available / 1e9} GB is ${status}`, () => assert.equal(checkMemory(available, 32e9).status, status));
});

describe('the doctor, of the socket', { skip: onWindows }, () => {
  it('tells its path and length', () => {
    using temp = tempFolder('doctor');
    const env = { OSPAIN2_DATA_DIR: temp.path, XDG_RUNTIME_DIR: temp.path };
    const data = dataFolder(temp.path, env);
    const { status, found } = checkSocket(data);
    assert.equal(status, 'ok');
    assert.ok(found.startsWith(`${data.socket}, ${data.socket.length} of 103 bytes`), found);
    assert.ok(!existsSync(data.socket));
  });

  it('finds a folder of somebody else', { skip: notForNobody }, () => {
    using temp = tempFolder('doctor');
    const folder = join(temp.path, 'ospain2');
    mkdirSync(folder);
    openToAll(temp.path, folder);
    const env = { OSPAIN2_DATA_DIR: join(temp.path, 'data'), XDG_RUNTIME_DIR: temp.path };
    // Its own user's folder is mended instead, which only the administrator can show not to be the case.
    if (process.getuid?.() !== 0) return;
    const finding = asNobody(() => checkSocket(dataFolder(temp.path, env)));
    assert.equal(finding.status, 'failed', finding.found);
    assert.match(finding.advice ?? '', /XDG_RUNTIME_DIR/);
  });
});
