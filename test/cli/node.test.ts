import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertSupportedNode } from '../../cli/node.ts';
import { OspainError } from '../../protocol/index.ts';

describe('assertSupportedNode', () => {
  it('takes this Node', () => assertSupportedNode(process.versions));
  for (const versions of [{ node: '20.19.0', napi: '9' }, { node: '22.13.1', napi: '9' }, {}])
    it(`refuses ${JSON.stringify(versions)}`, () =>
      assert.throws(
        () => assertSupportedNode(versions),
        (error) => error instanceof OspainError && error.code === 'unsupported_node',
      ));
});
