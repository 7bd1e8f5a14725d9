import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMcpMemory } from '../../cli/mcpMemory.ts';

const line = (message: object) => JSON.stringify({ jsonrpc: '2.0', ...message });
const methods = (lines: readonly string[]) => lines.map((text) => (JSON.parse(text) as { method: string }).method);

describe('createMcpMemory', () => {
  it('says again what the next server has to know, and keeps the answers to itself', () => {
    const memory = createMcpMemory();
    const subscribe = (id: number, uri: string) =>
      memory.asked(line({ id, method: 'resources/subscribe', params: { uri } }));
    memory.asked(line({ id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18' } }));
    assert.deepEqual(memory.again(), [], 'the client says hello itself');
    memory.asked(line({ method: 'notifications/initialized' }));
    subscribe(1, 'a');
    subscribe(2, 'b');
    memory.asked(line({ id: 3, method: 'resources/unsubscribe', params: { uri: 'a' } }));
    memory.asked(line({ id: 4, method: 'logging/setLevel', params: { level: 'error' } }));
    const again = memory.again();
    assert.deepEqual(methods(again), [
      'initialize',
      'notifications/initialized',
      'resources/subscribe',
      'logging/setLevel',
    ]);
    assert.match(again[2] ?? '', /"uri":"b"/);
    for (const text of again.filter((_text, at) => at !== 1)) {
      const { id } = JSON.parse(text) as { id: string };
      assert.equal(memory.answered(line({ id, result: {} })), false);
    }
  });

  it('answers what nobody will answer any more, once', () => {
    const memory = createMcpMemory();
    for (const id of [1, 'two']) memory.asked(line({ id, method: 'tools/call' }));
    assert.equal(memory.answered(line({ id: 1, result: {} })), true);
    assert.equal(memory.answered(line({ method: 'notifications/progress' })), true);
    memory.asked('no JSON');
    assert.equal(memory.answered('no JSON'), true);
    const lost = memory.lost();
    assert.deepEqual(
      lost.map((text) => (JSON.parse(text) as { id: unknown }).id),
      ['two'],
    );
    assert.deepEqual(memory.lost(), []);
  });
});
