import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readQuickAdd } from '../../../../webview/pages/plan/quickAdd.ts';

const read = (line: string) => readQuickAdd(line, '2026-12-31');

describe('one line for a new item', () => {
  it('says how long it takes, when it is due and what it is about, anywhere', () => {
    assert.deepEqual(read('  Write  it ~1h30 up @tomorrow #docs #api #docs'), {
      ...{ title: 'Write it up', estimate: 90, due: '2027-01-01', tags: ['docs', 'api'] },
    });
    assert.equal(read('x @+3').due, '2027-01-03');
    assert.equal(read('x @2028-02-29').due, '2028-02-29');
  });

  it('keeps what it does not understand', () => {
    const line = 'Ask @anna about ~half of #12 and C# @2026-02-30';
    assert.deepEqual(read(line), { title: line, estimate: null, due: null, tags: [] });
    assert.equal(read('   ').title, '');
  });
});
