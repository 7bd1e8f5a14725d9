import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import type { Engine } from '../../../server/inference/engine.ts';
import { schemaOf } from '../../../server/suggestions/answers.ts';
import { reviewSchema } from '../../../server/suggestions/weekReview.ts';
import { openPool, type TestPool, user } from '../inference/testPool.ts';
import { hasCode, openDesk, texts } from './desk.ts';
import { matter } from './matters.ts';

const NOTE = `# Monday

- [ ] fix the crash in the parser asap
- [ ] write a guide for the cache next month
- [ ] buy bread
- [x] the sidebar is broken
`;

/** The model that ships, in a real worker. What it answers right was tried; greedy decoding answers the same again. */
describe('the embedded model suggests', { timeout: 300_000 }, () => {
  let real: TestPool;
  before(async () => {
    real = await openPool();
    real.registry.registerEmbedded();
  });
  after(() => real[Symbol.asyncDispose]());

  it('tags of a note, which go into its front matter', async () => {
    await using desk = await openDesk({ engine: real.pool });
    const { id } = desk.write('monday.md', NOTE);
    const made = await desk.made('tags', { note: 'monday.md' });
    assert.equal(made.status, 'open', JSON.stringify(made));
    assert.deepEqual(texts(made), ['bug', 'docs']);
    assert.match(made.model ?? '', /^canary@/);
    assert.match(made.parts[0]?.reason ?? '', /“crash” in the line “fix the crash/);
    assert.equal(desk.queue.get(made.taskId ?? '').instruction, 'Suggest tags for the note monday.md');
    const part = desk.accept(made, [0]);
    assert.equal(part.note, 'monday.md');
    assert.deepEqual([part.suggestion.status, part.suggestion.stale], ['open', false]);
    assert.equal(desk.read('monday.md'), `---\ntags: [bug]\n---\n${NOTE}`);
    assert.equal(desk.accept(made).suggestion.status, 'accepted');
    assert.deepEqual(desk.notes.show(id).tags, ['bug', 'docs']);
    assert.throws(() => desk.accept(made), hasCode('wrong_state'));
  });

  it('when the boxes of a note are to be done: those that are accepted become items', async () => {
    await using desk = await openDesk({ engine: real.pool });
    const { id } = desk.write('monday.md', NOTE);
    const made = await desk.made('horizon', { note: id });
    assert.deepEqual(
      made.parts.map(({ text, line }) => [text, line]),
      [
        ['now', 'fix the crash in the parser asap'],
        ['later', 'write a guide for the cache next month'],
      ],
    );
    const { items, suggestion } = desk.accept(made, [0]);
    assert.deepEqual([suggestion.status, suggestion.stale], ['open', false], 'the name of a box changes nothing');
    const item = desk.items.get(items[0] ?? '');
    assert.deepEqual([item.title, item.horizon, item.noteId], ['fix the crash in the parser asap', 'now', id]);
    assert.equal(desk.notes.show(id).boxes[0]?.id, item.box);
    const again = await desk.made('horizon', { note: id });
    assert.deepEqual(
      again.parts.map(({ line }) => line),
      ['write a guide for the cache next month'],
      'what is planned already is not asked about',
    );
  });

  it('when an item is to be done, and its steps', async () => {
    await using desk = await openDesk({ engine: real.pool });
    const item = desk.addItem('fix the crash in the parser asap', { horizon: 'later' });
    const when = await desk.made('horizon', { item: item.id });
    assert.deepEqual(texts(when), ['now']);
    desk.accept(when);
    assert.equal(desk.items.get(item.id).horizon, 'now');
    const goal = desk.addItem('add a cache to the parser', { tags: ['perf'] });
    const steps = await desk.made('steps', { item: String(goal.number) });
    assert.equal(texts(steps).length, 3);
    const { items } = desk.accept(steps, [0, 2]);
    const [first, second] = items.slice(0, 2).map((one) => desk.items.get(one));
    assert.deepEqual([first?.title, second?.title], [texts(steps)[0], texts(steps)[2]]);
    assert.deepEqual(second?.dependsOn, [first?.id]);
    assert.deepEqual(first?.tags, ['perf']);
    assert.deepEqual(desk.items.get(goal.id).dependsOn.toSorted(), items.slice(0, 2).toSorted());
    const order = desk.items.list({ limit: 10, done: false }).items.filter(({ horizon }) => horizon === 'next');
    assert.deepEqual(
      order.map(({ id }) => id),
      [...items.slice(0, 2), goal.id],
    );
  });

  it('nothing that it was not taught, and says so before anything is queued', async () => {
    await using desk = await openDesk({ engine: real.pool });
    const { id } = desk.write('a.md', 'Nothing of that.\n');
    for (const about of ['tags', 'horizon', 'steps'] as const)
      assert.throws(() => desk.ask(about, { note: id }), hasCode('not_taught'), about);
    assert.equal(desk.queue.list({ limit: 10, dead: false }).total, 0);
    assert.deepEqual(desk.suggestions.list({ limit: 10 }), []);
  });

  it('what it was asked before its worker died, and the note was changed, as if undisturbed', async () => {
    const heard: string[] = [];
    const mortal: Engine = {
      describe: (model) => real.pool.describe(model),
      async generate(generation) {
        heard.push(generation.turns[0]?.text ?? '');
        if (heard.length !== 2) return real.pool.generate(generation);
        desk.write('monday.md', NOTE.replace('write a guide', 'mend the refund'));
        throw new OspainError('worker_failed', 'It died.');
      },
    };
    await using desk = await openDesk({ engine: mortal });
    desk.write('monday.md', NOTE);
    const made = await desk.made('tags', { note: 'monday.md' });
    assert.deepEqual(
      heard.map((turn) => turn.replace('Tag this note: ', '')),
      [
        'fix the crash in the parser asap',
        'write a guide for the cache next month',
        'write a guide for the cache next month',
      ],
    );
    assert.deepEqual([texts(made), made.stale], [['bug', 'docs'], true]);
  });

  it('and others are held by schemas that the real library makes grammars of', async () => {
    const forms = [
      matter(),
      matter({ about: 'title' }),
      matter({ about: 'steps' }),
      matter({ about: 'horizon' }),
      matter({ about: 'horizon', boxes: ['one', 'two'] }),
    ].map(schemaOf);
    for (const schema of [...forms, reviewSchema()]) {
      const { text } = await real.ask('default', [user('Tag this note: fix the crash')], {
        grammar: { schema },
        maxTokens: 40,
      });
      assert.match(text, /^\{\s*"(?:reason|went)":\s*"/);
    }
  });
});
