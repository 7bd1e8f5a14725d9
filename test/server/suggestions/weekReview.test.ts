import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { createWeekFigures } from '../../../server/suggestions/weekFigures.ts';
import { scripted } from '../agents/workbench.ts';
import { type DeskFixture, NOON, openDesk } from './desk.ts';

const DAY = 86_400_000;
const WORDS = JSON.stringify({
  went: 'The crash in the parser is gone.',
  stuck: 'The guide was put off again and again.',
  next: ['Write the guide before anything else.'],
});

/** A week of work: the desk's days are from Monday 2026-11-23 on. */
function work(desk: DeskFixture): void {
  const { queue, clock } = desk;
  const submit = (instruction: string) =>
    queue.submit({ kind: 'ask', instruction, model: 'default', autoAccept: 'none', maxAttempts: 1 });
  const end = (how: 'done' | 'failed') => {
    const claim = queue.claim('1:test', 30_000);
    assert.ok(claim);
    if (how === 'done') return queue.complete(claim.task.id, claim.fence, 'Yes.');
    const error = new OspainError('bad_answer', 'No.');
    return void queue.fail(claim.task.id, claim.fence, error, { retryable: false, delayMs: 0 });
  };
  clock.now = NOON - 7 * DAY;
  submit('of the week before');
  end('done');
  desk.addItem('long ago');
  clock.now = NOON;
  submit('What is it?');
  submit('fix the `parser`\nand more');
  end('done');
  end('failed');
  queue.cancel(submit('never').id);
  const done = desk.addItem('Mend the parser', { horizon: 'now' });
  desk.items.change({ itemId: done.id, done: true });
  desk.addItem('Write the guide', { horizon: 'now', due: '2026-11-24' });
  desk.write('a.md', 'A note.\n');
}

test('a week is counted from the log, from Monday to Sunday', async () => {
  await using desk = await openDesk();
  work(desk);
  const figuresOf = createWeekFigures({ db: desk.db, today: () => '2026-11-25' });
  assert.deepEqual(figuresOf('2026-11-23'), {
    from: '2026-11-23',
    to: '2026-11-29',
    events: 8,
    tasks: { submitted: 3, done: 1, failed: 1, cancelled: 1 },
    proposals: { accepted: 0, rejected: 0, undone: 0 },
    tokens: 0,
    items: { added: 2, done: 1, open: 1, overdue: 1 },
    notes: 1,
    doneItems: ['Mend the parser'],
    openItems: ['Write the guide'],
    failedTasks: ['fix the `parser`\nand more'],
  });
  const before = figuresOf('2026-11-16');
  assert.deepEqual([before.tasks.submitted, before.tasks.done, before.items.added, before.notes], [1, 1, 1, 0]);
  assert.equal(figuresOf('2026-11-30').events, 0);
  assert.equal(figuresOf('2025-01-06').events, 0);
});

test('a week begins and ends at midnight', async () => {
  await using desk = await openDesk();
  const monday = new Date(2026, 10, 23).getTime();
  for (const at of [monday - 1, monday, monday + 7 * DAY - 1, monday + 7 * DAY]) {
    desk.clock.now = at;
    desk.queue.submit({ kind: 'ask', instruction: 'x', model: 'default', autoAccept: 'none' });
    desk.write(`${at}.md`, 'x\n');
  }
  const figuresOf = createWeekFigures({ db: desk.db, today: () => '2026-11-25' });
  for (const [week, count] of [
    ['2026-11-16', 1],
    ['2026-11-23', 2],
    ['2026-11-30', 1],
  ] as const) {
    const { tasks, notes } = figuresOf(week);
    assert.deepEqual([tasks.submitted, notes], [count, count], week);
  }
});

test('the embedded model is not asked to word it: the figures are the review', async () => {
  await using desk = await openDesk({ engine: scripted([], 'tiny') });
  work(desk);
  const made = desk.ask('review', { week: '2026-11-29' });
  assert.deepEqual([made.name, made.model, made.taskId, made.status], ['2026-11-23', null, null, 'open']);
  assert.equal(made.reason, 'Made of 8 events from 2026-11-23 to 2026-11-29.');
  const text = made.parts[0]?.text ?? '';
  assert.match(text, /^# Week of 2026-11-23\n\n## Figures\n\n- Tasks: 3 submitted, 1 done, 1 failed, 1 cancelled\n/);
  assert.match(text, /\n## Done\n\n- Mend the parser\n/);
  assert.match(text, /\n## Failed\n\n- fix the `parser` and more\n/);
  assert.equal(desk.accept(made).note, 'reviews/2026-11-23.md');
  assert.equal(desk.read('reviews/2026-11-23.md'), text);
  desk.accept(desk.ask('review', { week: '2026-11-23' }));
  assert.equal(desk.read('reviews/2026-11-23.md').match(/# Week of/g)?.length, 2, 'one that is there stays');
});

test('a larger model words it, and the figures stay ours', async () => {
  const engine = scripted([WORDS]);
  await using desk = await openDesk({ engine });
  work(desk);
  const made = await desk.made('review', { week: '2026-11-25' });
  const text = made.parts[0]?.text ?? '';
  assert.match(text, /\n## What went well\n\nThe crash in the parser is gone\.\n/);
  assert.match(text, /\n## What is next\n\n- Write the guide before anything else\.\n\n## Figures\n/);
  assert.equal(made.model, 'default@1.0.0');
  assert.equal(desk.queue.get(made.taskId ?? '').instruction, 'Review the week of 2026-11-23');
  assert.match(engine.heard[0]?.turns[0]?.text ?? '', /- Tasks: 3 submitted/);
});
