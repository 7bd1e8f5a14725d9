import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createAuditLog } from '../../../server/audit/auditLog.ts';
import { isBehind, moveDatabases } from '../../../server/keys/rotation.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { addTasks } from '../storage/workspaceData.ts';
import { copyData, fakeKeyring, fill, fillAsBefore, keyMachine, textsWith } from './keyMachine.ts';

const PASSPHRASE = 'four words and a number 7';
const BOTH = ['of the first', 'of the second'];

test('databases with keys of their own go on as they are, and get the key of the root secret by a rotation', async () => {
  using machine = keyMachine();
  const { first, second, models } = machine;
  await fillAsBefore(machine);
  const keys = await machine.keys();
  assert.deepEqual(await textsWith(keys, first, second), BOTH);
  assert.equal((await keys.keyOf(first)).origin, 'own');
  const changes = machine.changes(keys);
  await changes.replace({ store: 'file' });
  assert.deepEqual(await moveDatabases(keys), { moved: 3, left: [] });
  await changes.tidy();
  for (const place of [first, second, models]) {
    assert.equal((await keys.keyOf(place)).origin, 'current');
    assert.equal(existsSync(place.key), false, 'what opened it lies about no more');
    if (process.platform !== 'win32') assert.equal(statSync(place.database).mode & 0o777, 0o600);
  }
  assert.deepEqual(await textsWith(keys, first, second), BOTH);
  assert.deepEqual(await textsWith(await machine.keys(), first, second), BOTH, 'also for the next server');
  assert.deepEqual(
    readdirSync(machine.root).filter((name) => name.startsWith('root-secret')).length,
    1,
    'the earlier secret is gone',
  );
});

test('every rotation leaves another key, and a file of an earlier one opens still', async () => {
  using machine = keyMachine();
  const keys = await machine.keys(fakeKeyring().open);
  await fill(machine, async (place) => (await keys.keyOf(place)).hex96);
  const changes = machine.changes(keys);
  const backup = join(machine.path, 'backup.db');
  const seen = new Set<string>();
  for (const round of [1, 2, 3]) {
    seen.add((await keys.keyOf(machine.first)).hex96);
    if (round === 1) writeFileSync(backup, readFileSync(machine.first.database));
    await changes.replace({ store: 'keyring' });
    assert.equal((await moveDatabases(keys)).moved, 3);
    await changes.tidy();
  }
  assert.equal(seen.size, 3);
  assert.equal((await keys.keyOf(machine.first, backup)).origin, 'former');
  assert.equal((await keys.keyOf(machine.first)).origin, 'current');
});

test('the index, which is made anew, goes; the audit log goes on and is as it was written', async () => {
  using machine = keyMachine();
  const { models, first } = machine;
  const keys = await machine.keys();
  await fill(machine, async (place) => (await keys.keyOf(place)).hex96);
  const actors = { current: () => 'local' };
  const log = async () => {
    const { hex96: key } = await keys.keyOf(models);
    const db = await openDatabase({ file: models.database, key, migrations: [] }).catch(() => null);
    assert.equal(db, null, 'the registry is of its own schema');
    const { modelMigrations } = await import('../../../server/models/schema.ts');
    const registry = await openDatabase({ file: models.database, key, migrations: modelMigrations });
    return { registry, audit: createAuditLog({ db: registry, key, name: 'user', actors, now: () => 1 }) };
  };
  const before = await log();
  before.audit.record({ type: 'key.made', subject: 'first' });
  before.registry.close();
  const index = join(first.folder, 'index.db');
  writeFileSync(index, 'of the old key');
  await machine.changes(keys).replace({ store: 'file' });
  await moveDatabases(keys);
  assert.equal(existsSync(index), false);
  const after = await log();
  after.audit.record({ type: 'key.rotated', subject: 'second' });
  const { broken, ...verdict } = await after.audit.verify();
  assert.equal(broken, null, JSON.stringify(verdict));
  after.registry.close();
});

test('a database that somebody has open keeps its key, opens as before, and is moved another time', async () => {
  using machine = keyMachine();
  const { first, second } = machine;
  const keys = await machine.keys();
  await fill(machine, async (place) => (await keys.keyOf(place)).hex96);
  const changes = machine.changes(keys);
  const held = await openDatabase({ file: first.database, key: (await keys.keyOf(first)).hex96 });
  await changes.replace({ store: 'file' });
  const { moveDatabase } = await import('../../../server/keys/rotation.ts');
  await assert.rejects(moveDatabase({ keys, place: first, patienceMs: 0 }), { code: 'storage_busy' });
  addTasks(held, 'written meanwhile');
  held.close();
  assert.equal(await isBehind(keys, first), true);
  assert.deepEqual(await textsWith(keys, first, second), ['of the first', 'written meanwhile', 'of the second']);
  assert.equal((await moveDatabases(keys)).moved, 3);
  assert.deepEqual(await textsWith(keys, first), ['of the first', 'written meanwhile']);
});

test('killed at any step, every database opens, and the next one finishes it', { timeout: 600_000 }, async (t) => {
  const program = fileURLToPath(new URL('dieInTheRotation.ts', import.meta.url));
  using template = keyMachine();
  await fillAsBefore(template);
  await template.keys();
  rmSync(template.second.folder, { recursive: true });
  const found: string[] = [];
  for (let deathAt = 1, died = true; died; deathAt++) {
    using machine = keyMachine();
    copyData(template, machine);
    // The same folder of another path has another name; the copy is to be found under that.
    const first = { ...template.first, ...at(machine.root, template) };
    const { signal, status, stderr } = spawnSync(process.execPath, [program, machine.root, String(deathAt)], {
      encoding: 'utf8',
    });
    died = signal === 'SIGKILL';
    assert.ok(died || status === 0, stderr);
    const keys = await machine.keys();
    if (keys.state() === 'locked') await keys.unlock(PASSPHRASE);
    const { origin } = await keys.keyOf(first);
    found.push(origin);
    assert.deepEqual(await textsWith(keys, first), ['of the first'], `killed at step ${deathAt}`);
    await keys.keyOf(machine.models);
    // What was begun is finished; what was not, is done.
    const changes = machine.changes(keys);
    if (keys.file()?.store !== 'passphrase') await changes.replace({ store: 'passphrase', passphrase: PASSPHRASE });
    assert.deepEqual((await moveDatabases(keys)).left, [], `after step ${deathAt}`);
    await changes.tidy();
    assert.equal((await keys.keyOf(first)).origin, 'current');
    assert.deepEqual(await textsWith(keys, first), ['of the first']);
    const left = readdirSync(machine.root, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      left.filter((name) => /root-secret-[0-9a-f]{16}$|(^|\/)key$|\.moving/.test(name)),
      [],
      `after step ${deathAt}`,
    );
  }
  t.diagnostic(`${found.length - 1} kills`);
  const order = ['own', 'former', 'current'];
  assert.deepEqual(
    [...new Set(found)].toSorted((one, other) => order.indexOf(one) - order.indexOf(other)),
    [...new Set(found)],
  );
  assert.ok(found.includes('current') && found.length > 25, `it was killed before and after: ${found}`);
});

const at = (root: string, { first }: { first: { root: string; folder: string; database: string; key: string } }) => {
  const moved = (path: string) => join(root, path.slice(first.root.length));
  return { root, folder: moved(first.folder), database: moved(first.database), key: moved(first.key) };
};
