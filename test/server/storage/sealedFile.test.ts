import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { seal, unseal } from '../../../server/storage/sealedFile.ts';
import { tempFolder } from '../../support/temp.ts';

/** More than is read at a time, and no whole number of that. */
const CONTENT = Buffer.from('what was said '.repeat(250_000));

/** An open file with some content, a place to seal it to, and an empty open file. */
function open() {
  const folder = tempFolder('sealed');
  const [plain, sealed, back] = ['plain', 'sealed', 'back'].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(plain, CONTENT);
  const [from, to] = [openSync(plain, 'r'), openSync(back, 'w+')];
  return {
    ...{ from, to, sealed, back },
    [Symbol.dispose]() {
      // Both are still open, whatever failed.
      closeSync(from);
      closeSync(to);
      folder[Symbol.dispose]();
    },
  };
}

test('what is sealed comes back, and is not to be read meanwhile', async () => {
  using f = open();
  const key = await seal(f.from, CONTENT.length, f.sealed);
  assert.equal(statSync(f.sealed).size, CONTENT.length);
  assert.equal(readFileSync(f.sealed).includes('what'), false);
  if (process.platform !== 'win32') assert.equal(statSync(f.sealed).mode & 0o777, 0o600);
  await unseal(f.sealed, key, f.to);
  assert.ok(readFileSync(f.back).equals(CONTENT));
});

test('each file has a key of its own', async () => {
  using f = open();
  const [one, other] = [await seal(f.from, 1000, f.sealed), await seal(f.from, 1000, `${f.sealed}2`)];
  assert.notDeepEqual(one.key, other.key);
  await assert.rejects(unseal(f.sealed, other, f.to));
});

test('a changed or a cut file is refused', async () => {
  using f = open();
  const key = await seal(f.from, CONTENT.length, f.sealed);
  const bytes = readFileSync(f.sealed);
  bytes.writeUInt8(bytes.readUInt8(2_000_000) ^ 1, 2_000_000);
  writeFileSync(f.sealed, bytes);
  await assert.rejects(unseal(f.sealed, key, f.to));
  truncateSync(f.sealed, 1000);
  await assert.rejects(unseal(f.sealed, key, f.to));
  await assert.rejects(unseal(`${f.sealed}2`, key, f.to), { code: 'ENOENT' });
});

test('what cannot be sealed leaves nothing, and never takes a name that is taken', async () => {
  using f = open();
  await assert.rejects(seal(f.from, CONTENT.length + 1, f.sealed), /shorter/);
  assert.equal(statSync(f.sealed, { throwIfNoEntry: false }), undefined);
  writeFileSync(f.sealed, 'mine');
  await assert.rejects(seal(f.from, 10, f.sealed), { code: 'EEXIST' });
});
