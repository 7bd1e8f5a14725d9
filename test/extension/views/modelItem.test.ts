import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelLook } from '../../../extension/views/modelItem.ts';
import type { Model } from '../../../protocol/models.ts';

const model: Model = {
  name: 'canary',
  version: '1.0.0',
  aliases: ['default'],
  tags: [],
  format: 'gguf',
  sha256: null,
  architecture: null,
  parameters: null,
  quantization: null,
  abilities: [],
  licence: null,
  source: null,
  pinned: false,
  memoryBytes: null,
  benchmark: null,
  problem: null,
  createdAt: 1,
  artifact: '/models/canary_1.gguf',
  bytes: 2_345_678,
  contextLength: 2048,
  profile: 'tiny',
  embedded: true,
  state: 'ready',
  loadedAt: 7,
};

test('a row tells version, alias, state, size and context', () => {
  const look = modelLook(model, (at) => `at ${at}`);
  assert.equal(look.label, 'canary');
  assert.equal(look.description, '1.0.0 · default · ready · 2.3 MB · 2,048 tokens');
  assert.equal(look.icon.id, 'pass-filled');
  assert.match(look.tooltip, /Last loaded at 7/);
  assert.match(look.tooltip, /canary\\_1\\\.gguf/);
});

test('a model without alias that was never loaded', () => {
  const look = modelLook({ ...model, aliases: [], embedded: false, state: 'idle', loadedAt: null }, String);
  assert.equal(look.description, '1.0.0 · idle · 2.3 MB · 2,048 tokens');
  assert.match(look.tooltip, /Never loaded yet/);
  assert.doesNotMatch(look.tooltip, /Also called|Ships with/);
});
