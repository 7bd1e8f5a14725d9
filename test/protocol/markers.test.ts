import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstMarker } from '../../protocol/markers.ts';
import { markConflicts } from '../../server/agents/proposals/merge.ts';

test('the first marker of a conflict, whichever it is', () => {
  const marked = markConflicts(
    { base: 'a\r\n', ours: 'b\r\n', theirs: 'c\r\n' },
    { ours: 'on disk', theirs: 'task 1' },
  );
  const lines = marked?.split('\n') ?? [];
  assert.equal(firstMarker(lines.join('\n')), 1);
  assert.equal(firstMarker(lines.slice(1).join('\n')), 2);
  assert.equal(firstMarker(lines.slice(3).join('\n')), 2);
});

test('what only looks like one is none', () => {
  for (const text of ['', 'a\n======\n', 'Title\n========\n', '<<<<<<<\n', ' <<<<<<< a\n', '>>>>>>>b\n'])
    assert.equal(firstMarker(text), undefined, text);
});
