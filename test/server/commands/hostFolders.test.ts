import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostFolders, isWithin } from '../../../server/commands/hostFolders.ts';
import { tempFolder } from '../../support/temp.ts';

test('of a home folder toolchains are seen, and folders that the person names; never the whole of it', () => {
  using folder = tempFolder('host');
  const home = join(folder.path, 'home');
  const other = join(folder.path, 'sdk');
  for (const path of ['.ssh', '.nvm', '.cargo/bin', 'mine']) mkdirSync(join(home, path), { recursive: true });
  mkdirSync(other);
  const { seen, inHome } = hostFolders(home, [
    other,
    join(home, 'mine'),
    home,
    folder.path,
    '/',
    'relative',
    '/not/there',
  ]);
  assert.deepEqual(
    inHome,
    ['.nvm', '.cargo/bin', 'mine'].map((path) => join(home, path)),
  );
  assert.ok(seen.includes(other));
  assert.ok(seen.every((path) => !isWithin(home, path) && !isWithin(path, home)));
});

test('of /etc only what programs look up is seen', () => {
  const { seen } = hostFolders('/nonexistent', []);
  for (const path of [
    '/etc',
    '/etc/passwd',
    '/etc/shadow',
    '/etc/ssh',
    '/etc/hosts',
    '/',
    '/root',
    '/home',
    '/var',
    '/run',
    '/tmp',
  ])
    assert.ok(!seen.includes(path), path);
});

test('a folder holds itself and what lies below, not what begins with its letters', () => {
  assert.ok(isWithin('/a/b', '/a/b'));
  assert.ok(isWithin('/a/b/c', '/a/b'));
  assert.ok(!isWithin('/a/bc', '/a/b'));
  assert.ok(isWithin('/a', '/'));
});
