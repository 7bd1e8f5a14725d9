/**
 * Installs, uses, upgrades and uninstalls Setup.exe as people do, on Windows: the real one, or Wine (`npm run test:windows`). It changes
 * the person's own Path and installation, so a real Windows should be one that is thrown away.
 *
 *   node acceptance.ts OLD-SETUP NEW-SETUP
 * The old one has a file `app\only-old.txt` and the version 0.0.1. OSPAIN2_SMALL_DISK is a folder on a disk that is too small.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, describe, it } from 'node:test';
import {
  changedValues,
  ENVIRONMENT,
  filesOf,
  installation,
  keyFiles,
  localData,
  logText,
  ospain2,
  registryOf,
  runCommands,
  runSetup,
  sampleFolder,
  seedPath,
  uninstall,
  until,
  valueNamed,
} from './windowsMachine.ts';

const [, , oldSetup = '', newSetup = ''] = process.argv;
const place = 'C:\\Größe & Prüfung (1)\\OSPAiN2';
const workspace = 'C:\\Ordner mit Ümläuten 100%';
const elsewhere = `${process.env.LOCALAPPDATA}\\Programs\\OSPAiN2`;
const smallDisk = process.env.OSPAIN2_SMALL_DISK;
const pathValue = () => valueNamed(ENVIRONMENT, 'Path');

describe('Setup.exe', () => {
  const installed = installation(place);
  mkdirSync(workspace, { recursive: true });
  const seeded = seedPath();
  const before = { registry: registryOf('HKCU'), files: new Set(filesOf('C:\\')), path: pathValue() };
  after(() => {
    seeded.restore();
    rmSync(workspace, { recursive: true, force: true });
  });

  it('refuses a folder whose path is too long, and leaves nothing', () => {
    const deep = `C:\\${'d'.repeat(160)}`;
    assert.equal(runSetup(newSetup, { place: deep }), 2);
    assert.match(logText(), /path of this folder is too long/);
    assert.equal(existsSync(deep), false);
  });

  it('refuses a disk that is too small, and leaves nothing', { skip: smallDisk === undefined }, () => {
    const there = `${smallDisk}\\OSPAiN2`;
    assert.equal(runSetup(newSetup, { place: there }), 2);
    assert.match(logText(), /too little room/);
    assert.equal(existsSync(there), false);
  });

  it('installs an old version without a question, in a folder with blanks, umlauts and an ampersand', () => {
    assert.equal(runSetup(oldSetup, { place, autoStart: workspace }), 0);
    assert.ok(existsSync(`${place}\\app\\only-old.txt`));
    for (const name of installed.listed()) assert.ok(existsSync(`${place}\\${name}`), name);
    assert.equal(installed.version(), '0.0.1');
  });

  it('puts its folder first into a Path of 2,000 characters, and changes nothing else of it', () => {
    assert.ok(before.path.text.length >= 2000);
    assert.deepEqual([pathValue().type, pathValue().text], [before.path.type, `${place}\\bin;${before.path.text}`]);
  });

  it('is found as ospain2 by a new window, which hands arguments on as they are', () => {
    assert.match(ospain2(['--version']).out, /^\d+\.\d+\.\d+\s*$/);
    const refused = ospain2(['status', '--workspace', 'C:\\nicht da ü & x']);
    assert.equal(refused.code, 3, refused.err);
    assert.match(refused.err, /C:\\nicht da ü & x/);
  });

  it('runs at log-in, and now, as the one server of its folder behind a named pipe', async () => {
    const [command = '', ...others] = runCommands();
    assert.equal(others.length, 0);
    assert.ok(command.startsWith(`"${place}\\ospain2w.exe" --workspace "${workspace}" serve`), command);
    await until(() => installed.running(workspace));
    const { pid, socket } = installed.status(workspace);
    assert.match(socket, /^\\\\\.\\pipe\\ospain2-[0-9a-f]{16}$/);
    assert.equal(installed.status(workspace).pid, pid, 'a second command is told by the same');
    await new Promise<void>((resolve, reject) => {
      const pipe = connect(socket, () => pipe.end(resolve));
      pipe.once('error', reject);
    });
  });

  it('does a task with the model that ships, and keeps a note', () => {
    const sample = sampleFolder(place, `${workspace}\\sample`);
    const asked = ospain2(['task', 'new', '--kind', 'ask', 'What does RETRY_MAX in src/limits.ts do?'], sample);
    assert.equal(asked.code, 0, asked.err);
    assert.ok(asked.out.length > 10, asked.out);
    const noted = ospain2(['note', 'add', 'behalten', 'Über den Wechsel'], workspace);
    assert.equal(noted.code, 0, noted.err);
  });

  it('keeps its keys in the Credential Manager, and in no file', () => {
    assert.ok(installed.kept() > 0);
    assert.deepEqual(installed.status(workspace).warnings, []);
    assert.deepEqual(keyFiles(), []);
  });

  for (const command of ['doctor', 'demo'])
    it(`runs ospain2 ${command}`, () => {
      const { code, out, err } = ospain2([command], workspace);
      process.stdout.write(`${out}${err}`);
      assert.equal(code, 0);
    });

  it('upgrades over the running server: stopped, started again, data kept, old files gone', async () => {
    const { pid } = installed.status(workspace);
    assert.equal(runSetup(newSetup), 0);
    assert.match(logText(), /1 asked to end, 0 still there/);
    assert.match(logText(), /1 started again/);
    await until(() => installed.running(workspace));
    assert.notEqual(installed.status(workspace).pid, pid);
    assert.equal(existsSync(`${place}\\app\\only-old.txt`), false);
    assert.notEqual(installed.version(), '0.0.1');
    assert.match(ospain2(['note', 'show', 'behalten'], workspace).out, /Über den Wechsel/);
    assert.equal(pathValue().text, `${place}\\bin;${before.path.text}`, 'it is there once');
    assert.equal(runCommands().length, 1);
  });

  it('removes the service, and its server ends', async () => {
    const serving = await until(() => installed.running(workspace));
    assert.equal(ospain2(['service', 'remove'], workspace).code, 0);
    assert.throws(() => process.kill(serving.pid, 0));
    assert.deepEqual(runCommands(), []);
  });

  it('refuses a second folder while it is in one', () => {
    assert.equal(runSetup(newSetup, { place: 'C:\\Elsewhere' }), 2);
    assert.match(logText(), /in another folder already/);
    assert.equal(existsSync('C:\\Elsewhere'), false);
  });

  it('uninstalls: registry and disk are as before, but for what is the person’s', async () => {
    writeFileSync(`${place}\\app\\mine.txt`, 'not of Setup');
    await uninstall(place);
    assert.equal(readFileSync(`${place}\\app\\mine.txt`, 'utf8'), 'not of Setup');
    rmSync('C:\\Größe & Prüfung (1)', { recursive: true });
    assert.deepEqual(pathValue(), before.path, 'to the byte');
    assert.deepEqual(changedValues(before.registry, registryOf('HKCU')), []);
    const left = filesOf('C:\\').filter((name) => !before.files.has(name) && !name.startsWith(workspace));
    assert.deepEqual(
      left.filter((name) => !name.startsWith(localData())),
      [],
    );
    assert.ok(
      left.some((name) => name.endsWith('ospain2.db')),
      'the data is kept',
    );
  });

  it('finds the data again, and removes it with its keys where that is wanted', async () => {
    assert.equal(runSetup(newSetup), 0);
    const again = installation(elsewhere);
    assert.match(ospain2(['note', 'show', 'behalten'], workspace).out, /Über den Wechsel/);
    assert.ok(again.kept() > 0);
    await uninstall(elsewhere, ['/REMOVEDATA']);
    assert.match(logText(), /data folder is removed, and the keys of the keyring/);
    assert.equal(existsSync(localData()), false);
    assert.equal(existsSync(elsewhere), false);
  });
});
