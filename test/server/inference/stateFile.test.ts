import assert from 'node:assert/strict';
import { fstatSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { createStateFile } from '../../../server/inference/stateFile.ts';
import { openMemoryFile } from '../../../server/storage/memoryFile.ts';

const file = openMemoryFile();

test('one at a time, and empty for each', { skip: file === null }, async () => {
  assert.ok(file !== null);
  const stateFile = createStateFile(file);
  const order: string[] = [];
  const letGo = Promise.withResolvers<void>();
  const first = stateFile.use(async (file) => {
    writeSync(file, 'something');
    order.push('first');
    await letGo.promise;
    throw new Error('it failed');
  });
  const second = stateFile.use(async (file) => {
    order.push(`second finds ${fstatSync(file).size}`);
    return 2;
  });
  let settled = false;
  const all = stateFile.settled().then(() => {
    settled = true;
  });
  stateFile.close();
  await new Promise(setImmediate);
  assert.deepEqual(order, ['first']);
  assert.equal(settled, false);
  assert.equal(fstatSync(file).size, 9, 'it is not closed under who uses it');
  letGo.resolve();
  await assert.rejects(first, /it failed/);
  assert.equal(await second, 2);
  await all;
  assert.deepEqual(order, ['first', 'second finds 0']);
  assert.equal(await stateFile.use(async () => 3), null, 'it is closed');
  assert.throws(() => fstatSync(file), { code: 'EBADF' });
});

test('where there is none nothing is done', async () => {
  assert.equal(await createStateFile(null).use(async () => assert.fail('there is none')), null);
});
