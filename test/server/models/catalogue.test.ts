import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ModelTask } from '../../../protocol/index.ts';
import { readCatalogue, recommend } from '../../../server/models/catalogue.ts';
import { parseSource } from '../../../server/models/download/source.ts';
import { tempFolder } from '../../support/temp.ts';

const catalogue = readCatalogue(fileURLToPath(new URL('../../../media/models/catalogue.json', import.meta.url)));
const GIB = 2 ** 30;

test('the catalogue says that it holds names only, and its sources can be pulled', () => {
  assert.match(catalogue.note, /^Names only/);
  for (const { source } of catalogue.models) assert.equal(parseSource(source).kind, 'huggingFace');
  const names = catalogue.models.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('each task has something for each machine from 4 GiB on, the largest first', () => {
  for (const task of ModelTask.options) {
    assert.deepEqual(recommend(catalogue, { memoryBytes: 2 * GIB, task }), []);
    let before = 0;
    for (const size of [4, 8, 16, 32]) {
      // As a machine reports that has so much built in.
      const found = recommend(catalogue, { memoryBytes: size * 0.95 * GIB, task });
      assert.ok(found.length >= 1 && found.length >= before);
      assert.ok(found.every(({ tasks, memory }) => tasks.includes(task) && memory <= size));
      assert.deepEqual(
        found.map(({ memory }) => memory),
        found.map(({ memory }) => memory).toSorted((a, b) => b - a),
      );
      before = found.length;
    }
  }
  const [best] = recommend(catalogue, { memoryBytes: 64 * GIB, task: 'code' });
  assert.equal(best?.memory, 32);
});

test('a catalogue that is broken, or pretends to be verified, is refused', () => {
  using temp = tempFolder('catalogue');
  const file = join(temp.path, 'catalogue.json');
  for (const text of ['', '{}', JSON.stringify({ ...catalogue, verified: true })]) {
    writeFileSync(file, text);
    assert.throws(() => readCatalogue(file), { code: 'internal' });
  }
  assert.throws(() => readCatalogue(join(temp.path, 'none')), { code: 'internal' });
});
