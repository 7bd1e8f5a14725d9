import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noteLook, tagLook } from '../../../extension/views/noteItem.ts';
import type { Note } from '../../../protocol/notes.ts';

const note: Note = {
  ...{ id: '1', path: 'work/idea.md', title: 'A *better* idea', tags: ['a', 'b', 'c', 'd'], version: 2, size: 10 },
  ...{ boxes: { total: 2, done: 1 }, createdAt: 1, updatedAt: 2 },
};
const clock = (at: number) => `at ${at}`;

describe('rows of notes', () => {
  it('say their name, title, boxes and first tags', () => {
    const look = noteLook(note, clock);
    assert.deepEqual([look.label, look.description], ['idea', 'A *better* idea · 1 of 2 done · #a #b #c']);
    assert.equal(look.spoken, 'Note idea, A *better* idea · 1 of 2 done · #a #b #c');
    assert.match(
      look.tooltip,
      /^\*\*A \\\*better\\\* idea\*\*\n\nwork\/idea\\\.md\n\n\\#a \\#b \\#c \\#d\n\nChanged at 2$/,
    );
  });

  it('say no more than there is', () => {
    const plain = { ...note, title: 'idea', tags: [], boxes: { total: 0, done: 0 } };
    assert.deepEqual([noteLook(plain, clock).description, noteLook(plain, clock).icon.id], ['', 'note']);
    assert.equal(noteLook({ ...note, boxes: { total: 2, done: 2 } }, clock).icon.id, 'pass');
    assert.deepEqual([tagLook('a', 3).label, tagLook('a', 3).description], ['#a', '3']);
  });
});
