import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProposalSide, proposalSide, proposalUriParts } from '../../../extension/views/proposalUri.ts';

test('there and back', () => {
  for (const path of ['src/limits.ts', 'a b/ü&=?#.ts', 'x']) {
    const side: ProposalSide = { taskId: '3f', side: path === 'x' ? 'conflict' : 'after', path };
    assert.deepEqual(proposalSide(proposalUriParts(side)), side);
  }
});

test('the path is the file, so that its language is known', () => {
  assert.equal(proposalUriParts({ taskId: '3f', side: 'before', path: 'src/limits.ts' }).path, '/src/limits.ts');
});

test('other Uris mean no proposal', () => {
  assert.equal(proposalSide({ scheme: 'file', path: '/a', query: 'task=1&side=after' }), undefined);
  assert.equal(proposalSide({ scheme: 'ospain2-proposal', path: '/a', query: 'task=1&side=middle' }), undefined);
  assert.equal(proposalSide({ scheme: 'ospain2-proposal', path: '/a', query: '' }), undefined);
});
