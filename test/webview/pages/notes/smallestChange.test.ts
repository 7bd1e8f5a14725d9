import { equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { smallestChange } from '../../../../webview/pages/notes/smallestChange.ts';

describe('the piece in which two texts differ', () => {
  const texts = ['', 'a', 'aa', 'aba', 'one two three', 'one 2 three', 'three', 'two one', 'onetwo'];
  for (const before of texts)
    for (const after of texts)
      it(`${before} → ${after}`, () => {
        const change = smallestChange(before, after);
        equal(change === undefined, before === after);
        if (change === undefined) return;
        equal(before.slice(0, change.from) + change.insert + before.slice(change.to), after);
      });
});
