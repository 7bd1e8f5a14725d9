import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Embeddings } from '../../../server/codeIndex/embedder.ts';
import { hasCode, openDesk, texts } from './desk.ts';

const NOTES = {
  'parser.md': '# The parser\n\nIt loses tokens when a fixture has tabs.\n',
  'tests.md': '# Tests\n\nEvery fixture of the parser, and its tokens.\n',
  'garden.md': '# Garden\n\nTomatoes and roses, and when to water them.\n',
  'roses.md': '# Roses\n\nCut them when the garden sleeps; water the tomatoes.\n',
  'empty.md': '',
};

const openNotes = async (embeddings?: Embeddings) => {
  const desk = await openDesk(embeddings === undefined ? {} : { embeddings });
  for (const [path, text] of Object.entries(NOTES)) desk.write(path, text);
  return desk;
};

test('without a model, notes are related by words that few notes have; it is said which', async () => {
  await using desk = await openNotes();
  const made = desk.ask('related', { note: 'parser.md' });
  assert.deepEqual([texts(made), made.status, made.model, made.taskId], [['tests.md'], 'open', null, null]);
  assert.match(made.parts[0]?.reason ?? '', /^“Tests”: both say (?:fixture|parser|tokens), \S+ and \S+\.$/);
  assert.equal(desk.accept(made).note, 'parser.md');
  assert.ok(desk.read('parser.md').endsWith('tabs.\n\n## Related\n\n- [[tests]]\n'));
  assert.equal(desk.notes.show('tests.md').backlinks[0]?.path, 'parser.md');
  const again = desk.ask('related', { note: 'parser.md' });
  assert.deepEqual([again.status, again.parts], ['dismissed', []], 'what it leads to already is not new');
});

test('a note about nothing has no related ones', async () => {
  await using desk = await openNotes();
  assert.deepEqual(desk.ask('related', { note: 'empty.md' }).parts, []);
});

test('an item finds the note that it belongs to', async () => {
  await using desk = await openNotes();
  const item = desk.addItem('Water the roses and the tomatoes');
  const made = desk.ask('related', { item: item.id });
  assert.deepEqual(texts(made).toSorted(), ['garden.md', 'roses.md']);
  assert.throws(() => desk.accept(made), hasCode('invalid_params'));
  desk.accept(made, [texts(made).indexOf('roses.md')]);
  assert.equal(desk.items.get(item.id).noteId, desk.notes.show('roses.md').note.id);
  desk.accept(made);
  assert.ok(desk.read('roses.md').endsWith('## Related\n\n- [[garden]]\n'), 'with a note, links go there');
});

/** A model that knows two meanings, whatever the words for them. */
const MEANINGS = [/parser|tokens|grammar/gi, /garden|roses|flower/gi];
const meanings = (asked: string[][] = []): Embeddings => ({
  model: () => 'meaning@1.0.0',
  async embed(heard) {
    asked.push([...heard]);
    return heard.map((text) => {
      const counts = MEANINGS.map((meaning) => text.match(meaning)?.length ?? 0);
      return [...counts, counts.some((count) => count > 0) ? 0 : 1];
    });
  },
});

test('with a model for it, a task compares what notes mean, and reads each note once', async () => {
  const asked: string[][] = [];
  await using desk = await openNotes(meanings(asked));
  desk.write('words.md', 'Which grammar to choose.\n');
  const made = await desk.made('related', { note: 'words.md' });
  assert.deepEqual(texts(made).toSorted(), ['parser.md', 'tests.md']);
  assert.match(made.parts[0]?.reason ?? '', /\d+ % alike/);
  assert.equal(made.model, 'meaning@1.0.0');
  const task = desk.queue.get(made.taskId ?? '');
  assert.deepEqual(
    [task.kind, task.model, task.instruction],
    ['suggest', 'embed', 'Find notes related to the note words.md'],
  );
  assert.equal(asked.flat().length, 7, 'six notes and the question');
  desk.write('words.md', 'Which flower to choose.\n');
  const other = await desk.made('related', { note: 'words.md' });
  assert.deepEqual(texts(other).toSorted(), ['garden.md', 'roses.md']);
  assert.equal(asked.flat().length, 9, 'the note that changed, and the question');
  desk.notes.remove('roses.md');
  assert.deepEqual(texts(await desk.made('related', { note: 'words.md' })), ['garden.md']);
});

test('a model that goes while its task waits fails it, with what to do', async () => {
  const there = { ...meanings() };
  await using desk = await openNotes(there);
  const asked = desk.ask('related', { note: 'parser.md' });
  there.model = () => undefined;
  await desk.work(asked.taskId ?? '');
  assert.equal(desk.suggestions.get(asked.id).error?.code, 'unavailable');
});
