import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeLines } from '../../../server/storage/lineFile.ts';
import { tempFolder } from '../../support/temp.ts';

test('values become lines, however many, in a file for this user alone', async () => {
  using temp = tempFolder('lines');
  const path = join(temp.path, 'lines.jsonl');
  const values = Array.from({ length: 3000 }, (_, n) => ({ n, text: 'ü\n'.repeat(500) }));
  const written = await writeLines(path, values);
  const text = readFileSync(path, 'utf8');
  assert.deepEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    values,
  );
  assert.deepEqual(written, { path, bytes: Buffer.byteLength(text) });
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  await assert.rejects(writeLines(path, []), { code: 'conflict' });
});

test('a file that cannot be finished is not there', async () => {
  using temp = tempFolder('lines');
  function* failing() {
    yield 'x'.repeat(2_000_000);
    throw new RangeError('the source is gone');
  }
  await assert.rejects(writeLines(join(temp.path, 'lines.jsonl'), failing()), RangeError);
  assert.deepEqual(readdirSync(temp.path), []);
});
