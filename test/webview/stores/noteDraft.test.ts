import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNoteDraft, type NoteDraft } from '../../../webview/stores/noteDraft.ts';
import { type NoteDesk, openDesk } from './noteDesk.ts';

const MINUTE = 60_000;

function open(desk: NoteDesk, path = 'a.md'): NoteDraft & { moved: string[] } {
  const moved: string[] = [];
  const { client, keeper, later } = desk;
  const draft = createNoteDraft({ client, path, keeper, later, onMoved: (to) => void moved.push(to) });
  return { ...draft, moved };
}

const textOf = ({ other }: NoteDesk, path = 'a.md') => other.notes.show(path).text;

describe('a note in the hub', { timeout: 60_000 }, () => {
  it('is saved when typing rests, and not before', async () => {
    using desk = await openDesk();
    desk.other.put('a.md', 'one');
    const draft = open(desk);
    await desk.pass(0);
    deepEqual([draft.getState().status, draft.getState().text], ['ready', 'one']);
    for (const text of ['one t', 'one tw', 'one two']) {
      draft.edit(text);
      await desk.pass(500);
    }
    deepEqual([textOf(desk), draft.getState().isSaved], ['one', false]);
    await desk.pass(300);
    deepEqual([textOf(desk), draft.getState().isSaved], ['one two', true]);
    equal(desk.other.notes.show('a.md').note.version, 2);
    equal(desk.asked.filter((method) => method === 'note/save').length, 1);
  });

  it('loses nothing when the server goes before, in the middle of, and after a save', async () => {
    for (const state of ['away', 'deaf'] as const) {
      using desk = await openDesk();
      desk.other.put('a.md', 'one');
      const draft = open(desk);
      await desk.pass(0);
      desk.line.state = state;
      draft.edit('two');
      await desk.pass(MINUTE);
      deepEqual([draft.getState().text, draft.getState().isSaved], ['two', false]);
      ok(draft.getState().problem);
      draft.edit('two, three');
      deepEqual(desk.keeper.kept.get('a.md')?.text, 'two, three');
      desk.line.state = 'open';
      await desk.pass(5000);
      const { isSaved, problem, conflict } = draft.getState();
      deepEqual([textOf(desk), isSaved, problem, conflict], ['two, three', true, undefined, undefined]);
      equal(desk.keeper.kept.size, 0);
    }
  });

  it('goes on after a reload of the page with what was not saved', async () => {
    using desk = await openDesk();
    desk.other.put('a.md', 'one\ntwo\nthree\n');
    const before = open(desk);
    await desk.pass(0);
    desk.line.state = 'away';
    before.edit('one\ntwo\nTHREE\n');
    await desk.pass(1000);
    before.dispose();
    desk.line.state = 'open';
    const draft = open(desk);
    await desk.pass(5000);
    deepEqual([draft.getState().text, textOf(desk)], ['one\ntwo\nTHREE\n', 'one\ntwo\nTHREE\n']);
    draft.dispose();
    desk.keeper.set('new.md', { text: 'never saved', base: null });
    open(desk, 'new.md');
    await desk.pass(5000);
    equal(textOf(desk, 'new.md'), 'never saved');
  });

  it('is merged with what somebody else saved elsewhere in it', async () => {
    using desk = await openDesk();
    desk.other.put('a.md', 'one\ntwo\nthree\n');
    const draft = open(desk);
    await desk.pass(0);
    draft.edit('one\ntwo\nTHREE\n');
    desk.other.put('a.md', 'ONE\ntwo\nthree\n');
    await desk.pass(2000);
    const { text, isSaved, revision } = draft.getState();
    deepEqual([text, isSaved, textOf(desk)], ['ONE\ntwo\nTHREE\n', true, 'ONE\ntwo\nTHREE\n']);
    equal(revision, 2);
  });

  it('is the other text at once where nothing was typed', async () => {
    using desk = await openDesk();
    desk.other.put('a.md', 'one');
    const draft = open(desk);
    await desk.pass(0);
    desk.other.put('a.md', 'two');
    await desk.pass(0);
    deepEqual([draft.getState().text, draft.getState().facts?.note.version], ['two', 2]);
  });

  const choices = [
    ['mine', 'mine\n', 'mine\n'],
    ['theirs', 'theirs\n', 'theirs\n'],
  ] as const;
  for (const [choice, text, saved] of choices)
    it(`waits for a person where both changed the same, who takes ${choice}`, async () => {
      using desk = await openDesk();
      desk.other.put('a.md', 'one\n');
      const draft = open(desk);
      await desk.pass(0);
      draft.edit('mine\n');
      desk.other.put('a.md', 'theirs\n');
      await desk.pass(MINUTE);
      deepEqual([draft.getState().conflict?.theirs, textOf(desk)], ['theirs\n', 'theirs\n']);
      draft.decide(choice);
      await desk.pass(1000);
      const { text: shown, isSaved, conflict } = draft.getState();
      deepEqual([shown, isSaved, conflict, textOf(desk)], [text, true, undefined, saved]);
    });

  it('holds both texts where a person merges them in the editor', async () => {
    using desk = await openDesk();
    desk.other.put('a.md', 'one\n');
    const draft = open(desk);
    await desk.pass(0);
    draft.edit('mine\n');
    desk.other.put('a.md', 'theirs\n');
    await desk.pass(1000);
    draft.decide('both');
    match(draft.getState().text, /^<<<<<<< version 2\ntheirs\n=======\nmine\n>>>>>>> your text\n$/);
    draft.edit('theirs and mine\n');
    await desk.pass(1000);
    deepEqual([textOf(desk), draft.getState().isSaved], ['theirs and mine\n', true]);
  });

  it('that was removed meanwhile is written again, or let go', async () => {
    for (const choice of ['mine', 'theirs'] as const) {
      using desk = await openDesk();
      desk.other.put('a.md', 'one');
      const draft = open(desk);
      await desk.pass(0);
      draft.edit('mine');
      desk.other.notes.remove('a.md');
      await desk.pass(1000);
      deepEqual(draft.getState().conflict?.theirs, null);
      draft.decide(choice);
      await desk.pass(1000);
      deepEqual(
        [draft.getState().status, desk.other.list()],
        choice === 'mine' ? ['ready', ['a.md']] : ['missing', []],
      );
    }
  });

  it('follows when it is moved', async () => {
    using desk = await openDesk();
    desk.other.put('a.md', 'one');
    const draft = open(desk);
    await desk.pass(0);
    await desk.client.request('note/move', { from: 'a.md', to: 'b.md' });
    draft.edit('two');
    await desk.pass(1000);
    deepEqual([draft.moved, draft.getState().path, textOf(desk, 'b.md')], [['b.md'], 'b.md', 'two']);
  });

  it('says what the server refuses, and does not ask again until it is edited', async () => {
    using desk = await openDesk();
    desk.other.put('a.md', 'one');
    const draft = open(desk);
    await desk.pass(0);
    draft.edit('x'.repeat(5 * 1024 * 1024 + 1));
    await desk.pass(MINUTE);
    match(String(draft.getState().problem), /5 are the most/);
    equal(desk.asked.filter((method) => method === 'note/save').length, 1);
    draft.edit('short');
    await desk.pass(1000);
    deepEqual([textOf(desk), draft.getState().problem], ['short', undefined]);
  });
});
