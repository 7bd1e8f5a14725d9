import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProcessMemory } from '../../../../server/inference/runtimes/processMemory.ts';

test('of a process that lives it tells the memory', { skip: process.platform !== 'linux' }, () => {
  const memory = readProcessMemory(process.pid);
  assert.ok(memory);
  assert.ok(Math.abs(memory.resident - process.memoryUsage.rss()) < 50e6);
  assert.ok(memory.mapped > 0 && memory.mapped < memory.resident);
});

test('of a process that is gone there is nothing to tell', () => {
  assert.equal(readProcessMemory(2 ** 30), null);
});
