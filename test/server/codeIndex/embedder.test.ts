import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Embeddings } from '../../../server/codeIndex/embedder.ts';
import { bytesOf } from '../../../server/codeIndex/vectors.ts';
import { indexBench, never } from './fixture.ts';

/** A model that knows three meanings, whatever the words for them. */
const MEANINGS = [/car|vehicle|auto/gi, /money|price|cost/gi, /fruit|apple|pear/gi];
function embeddings(name = 'tiny@1.0.0'): Embeddings & { asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    model: () => name,
    async embed(texts) {
      asked.push([...texts]);
      return texts.map((text) => MEANINGS.map((meaning) => (text.match(meaning)?.length ?? 0) + 0.01));
    },
  };
}

const texts = {
  'a.md': 'The auto is red.\n',
  'b.md': 'What the price will be.\n',
  'c.md': 'An apple a day.\n',
};

test('with a model for it, a question finds what means the same in other words', async () => {
  await using bench = indexBench(texts);
  const model = embeddings();
  const index = await bench.open({ embeddings: model });
  await index.refresh({ anew: false }, never);
  const [best] = await index.search('vehicle', 1, never);
  assert.deepEqual([best?.path, best?.by], ['a.md', ['meaning']]);
  const [both] = await index.search('cost of an apple', 3, never);
  assert.deepEqual([both?.path, both?.by], ['c.md', ['words', 'meaning']]);
  const { embedded, embedder } = index.status();
  assert.deepEqual([embedded, embedder], [3, 'tiny@1.0.0']);
});

test('each chunk is embedded once, and again by another model', async () => {
  await using bench = indexBench(texts);
  const first = embeddings();
  const index = await bench.open({ embeddings: first });
  await index.refresh({ anew: false }, never);
  await index.refresh({ anew: false }, never);
  assert.deepEqual(first.asked.flat().toSorted(), [
    'a.md\nThe auto is red.',
    'b.md\nWhat the price will be.',
    'c.md\nAn apple a day.',
  ]);
  bench.write('a.md', 'A pear.\n');
  await index.refresh({ anew: false }, never);
  assert.deepEqual(first.asked.at(-1), ['a.md\nA pear.']);
  await index.stop();

  const second = embeddings('other@2.0.0');
  const again = await bench.open({ embeddings: second });
  // Directions of two models are never compared.
  assert.deepEqual(await again.search('vehicle', 3, never), []);
  await again.refresh({ anew: false }, never);
  assert.equal(second.asked.flat().length, 4 - 1);
  assert.equal(again.status().embedder, 'other@2.0.0');
});

test('a model that fails leaves the words', async () => {
  await using bench = indexBench(texts);
  const index = await bench.open({ embeddings: embeddings() });
  await index.refresh({ anew: false }, never);
  await index.stop();
  const failing: Embeddings = { model: () => 'tiny@1.0.0', embed: () => Promise.reject(new Error('no')) };
  const broken = await bench.open({ embeddings: failing });
  assert.deepEqual(
    (await broken.search('apple', 1, never)).map(({ path, by }) => [path, by]),
    [['c.md', ['words']]],
  );
});

test('a direction in bytes keeps its angle', () => {
  assert.deepEqual([...bytesOf([0.5, -0.25, 0])], [127, -63, 0]);
  assert.deepEqual([...bytesOf([0, 0])], [0, 0]);
});
