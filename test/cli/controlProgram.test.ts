import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidArgumentError } from 'commander';
import { parseEdge } from '../../cli/controlProgram.ts';

describe('parseEdge', () => {
  it('reads a number and a policy, and keeps what was given before', () => {
    const first = parseEdge('#3');
    assert.deepEqual(first, [{ taskId: '3', onFailure: 'cancel' }]);
    assert.deepEqual(parseEdge('4:hold', first), [...first, { taskId: '4', onFailure: 'hold' }]);
  });

  for (const text of ['', ':run', '3:', '3:sing', '3 4', '3:run:hold'])
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseEdge(text), InvalidArgumentError));
});
