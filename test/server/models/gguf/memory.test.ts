import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GgufInsights, getLlama, readGgufFileInfo } from 'node-llama-cpp';
import { estimateMemory, type Load } from '../../../../server/models/gguf/memory.ts';
import { readGguf } from '../../../../server/models/gguf/read.ts';
import { tensorTypes } from '../../../../server/models/gguf/types.ts';
import { type RandomModel, writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { createVocabulary } from '../../../support/gguf/vocabulary.ts';
import { tempFolder } from '../../../support/temp.ts';

const folder = tempFolder('memory');
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1 });
after(async () => {
  await llama.dispose();
  folder[Symbol.dispose]();
});

const words = Array.from({ length: 20_000 }, (_, i) => ({ text: `word ${i}`, kind: 'normal' as const }));
const models: Record<string, RandomModel> = {
  small: {},
  narrow: { width: 256, layers: 4, heads: 8, keyHeads: 2, inner: 512, type: 'Q8_0' },
  wide: { width: 256, layers: 2, heads: 4, inner: 2048, type: 'F16' },
  wordy: { width: 64, layers: 2, vocabulary: createVocabulary(words), type: 'F16' },
};
const loads: Load[] = [
  { contextLength: 256, sequences: 1 },
  { contextLength: 2048, sequences: 1 },
  { contextLength: 2048, sequences: 4 },
  { contextLength: 8192, sequences: 2 },
];

for (const [name, model] of Object.entries(models))
  test(`what the ${name} model takes is what llama.cpp says, but for the logits`, async () => {
    const path = join(folder.path, `${name}.gguf`);
    writeRandomModel(path, model);
    const info = readGguf(path);
    const insights = await GgufInsights.from(await readGgufFileInfo(path), llama);
    assert.equal(info.parameters, insights.totalParameters);
    for (const load of loads) {
      const { weights, cache, buffers } = estimateMemory(info, load);
      const batch = Math.min(512, load.contextLength * load.sequences);
      const said = await insights.estimateModelResourceRequirementsV2({ gpuLayers: 0 });
      const { cpuRam } = await insights.estimateContextResourceRequirementsV2({
        contextSize: load.contextLength,
        modelGpuLayers: 0,
        sequences: load.sequences,
      });
      // A file ends without the gap that its last tensor has in memory.
      assert.ok(Math.abs(weights - said.cpuRam) <= 32, `${weights} ${said.cpuRam}`);
      const logits = batch * info.vocabularySize * 4;
      const context = cache + buffers;
      const what = `${JSON.stringify(load)}: ${context} of ${cpuRam}, with ${logits} of logits`;
      assert.ok(context >= (cpuRam - logits) * 0.98 && context <= cpuRam * 1.4, what);
    }
  });

test('the cache is layers × context × (keys + values) × 2 bytes', () => {
  const info = readGguf('media/models/canary.gguf');
  const { cache } = estimateMemory(info, { contextLength: 1000, sequences: 3 });
  assert.equal(cache, 3 * 4 * 1024 * (192 + 192) * 2, 'of four layers, and a context rounded up');
});

test('layers with a window take no more than it', () => {
  const info = readGguf('media/models/canary.gguf');
  const sizes = { ...info.sizes, cachedPerToken: 100, windowedPerToken: 1000, window: 700 };
  const { cache } = estimateMemory({ ...info, sizes }, { contextLength: 8192, sequences: 2 });
  assert.equal(cache, 2 * (8192 * 100 + 1280 * 1000) * 2);
});

test('a process, a vocabulary and all parts are counted', () => {
  const info = readGguf('media/models/canary.gguf');
  const { total, worker, weights, cache, buffers } = estimateMemory(info, { contextLength: 1024, sequences: 1 });
  assert.equal(total, Math.ceil(worker + weights + cache + buffers));
  assert.ok(worker > 100e6);
  const more = { ...info, vocabularySize: info.vocabularySize + 150_000 };
  assert.ok(estimateMemory(more, { contextLength: 1024, sequences: 1 }).worker > worker + 150e6);
});

test('the sizes of tensor types are those of llama.cpp', () => {
  const { _bindings: bindings } = llama as unknown as {
    _bindings: { getBlockSizeForGgmlType(id: number): number; getTypeSizeForGgmlType(id: number): number };
  };
  for (let id = 0; id < 43; id++) {
    const known = tensorTypes.get(id);
    assert.deepEqual(
      [known?.block ?? 0, known?.bytes ?? 0],
      [bindings.getBlockSizeForGgmlType(id), bindings.getTypeSizeForGgmlType(id)],
      `${id}`,
    );
  }
});
