import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { type AutoAccept, OspainError, type ProposalFile, type TaskEvent } from '../../../protocol/index.ts';
import { type Edit, renderCall } from '../../../server/agents/format.ts';
import type { Engine } from '../../../server/inference/engine.ts';
import { openPool, type TestPool } from '../inference/testPool.ts';
import { type Death, STEP_EVENTS } from './mortal.ts';
import {
  type Ended,
  openWorkbench,
  proposedBy,
  type ScriptedEngine,
  scripted,
  steady,
  type Workbench,
} from './workbench.ts';

const LIMITS = 'export const RETRY_MAX = 3;\nexport const CACHE_TTL = 600;\n';
const USERS = 'export function loadUser(id) {\r\n  return "\u00e9\u2028" + id;\r\n}\r\n';
const files = { 'src/limits.ts': LIMITS, 'src/users.ts': USERS };

const read = (path: string) => renderCall({ tool: 'read_file', path, from: 1, to: 300 });
const edit = (path: string, ...pairs: [search: string, replace: string][]) =>
  renderCall({ tool: 'edit_file', path, body: pairs.map(([search, replace]): Edit => ({ search, replace })) });
const finish = (outcome: 'done' | 'failed' | 'blocked', text: string) =>
  renderCall({ tool: 'finish', outcome, body: text });
const retryMax = (from: number, to: number) =>
  edit('src/limits.ts', [`export const RETRY_MAX = ${from};`, `export const RETRY_MAX = ${to};`]);
const wrongSearch = edit('src/limits.ts', ['const RETRY_MAX = 4;', 'const RETRY_MAX = 5;']);
const newFile = edit('docs/new.md', ['', '# New']);

const longWork = [
  `Let me see \uD800\0.\r\n${read('src/users.ts')}`,
  'No call here.',
  wrongSearch,
  finish('done', 'Too early.'),
  retryMax(3, 5),
  newFile,
  edit('src/users.ts', ['function loadUser(id) {', 'function fetchUser(id) {']),
  retryMax(5, 7),
  renderCall({ tool: 'search_text', path: '.', text: 'RETRY_MAX' }),
  finish('done', 'Changed all.'),
];

const turnsOf = (events: readonly TaskEvent[]) =>
  events.flatMap((event) => (event.type === 'turn' ? [event.data.text] : []));
const stepEvents = (events: readonly TaskEvent[]) => events.filter(({ type }) => STEP_EVENTS.includes(type));

/** What the engine was asked, each turn once: one whose answer was lost is asked for again, in the same words. */
function askedOf({ heard }: ScriptedEngine): string[] {
  const asked = heard.map(({ system, turns }) => JSON.stringify({ system, turns }));
  return asked.filter((one, index) => one !== asked[index - 1]);
}

/** All that a run leaves behind. */
function outcomeOf(at: Workbench, { task, events }: Ended, engine: ScriptedEngine) {
  const { status, result, error, proposal } = task;
  const proposed: ProposalFile[] = proposedBy(at, task.id);
  const paths = ['src/limits.ts', 'src/users.ts'];
  const disk = paths.map((path) => at.read(path));
  return { status, result, error, proposal, proposed, disk, turns: turnsOf(events), asked: askedOf(engine) };
}

/** Every moment at which a run like this one can be killed: between two of its writes, and inside a transaction. */
function deathsOf(events: readonly TaskEvent[]): Death[] {
  const steps = stepEvents(events);
  const between = [...steps.keys(), steps.length].map((index): Death => ({ when: 'before', event: index + 1 }));
  const inside = steps.flatMap(({ type }, index): Death[] =>
    type === 'result' || type === 'proposal' ? [{ when: 'inside', event: index + 1 }] : [],
  );
  return [...between, ...inside];
}

const draftRows = (at: Workbench) => at.db.prepare('SELECT count(*) FROM drafts').pluck().get();

describe('a task that was killed goes on behind its last step', { timeout: 300_000 }, () => {
  const works: [what: string, answers: readonly string[], autoAccept?: AutoAccept][] = [
    ['edits that wait', longWork],
    [
      'edits that are accepted at once',
      [read('src/limits.ts'), retryMax(3, 5), newFile, finish('done', 'Set.')],
      'edits',
    ],
    ['done after an edit that did not work', [retryMax(3, 5), wrongSearch, finish('done', 'x'), finish('done', 'y')]],
    ['a model that gives up', [retryMax(3, 5), finish('blocked', 'I need more.')]],
  ];
  for (const [what, answers, autoAccept = 'none'] of works)
    it(`${what}: killed at any moment it ends as if undisturbed`, async () => {
      await using still = await openWorkbench(files);
      const calm = steady(answers);
      const undisturbed = await still.run(calm, { instruction: 'Work', autoAccept });
      const wanted = outcomeOf(still, undisturbed, calm);
      assert.equal(wanted.asked.length, answers.length, 'the script is one run');
      for (const death of deathsOf(undisturbed.events)) {
        await using at = await openWorkbench(files);
        const engine = steady(answers);
        const { id } = at.submit({ instruction: 'Work', autoAccept });
        await at.workUntil(death, engine, id);
        const ended = await at.work(engine, id);
        assert.deepEqual(outcomeOf(at, ended, engine), wanted, `${what}, killed ${death.when} ${death.event}`);
        const lost = death.when === 'before' && stepEvents(undisturbed.events)[death.event - 1]?.type === 'turn';
        assert.equal(engine.heard.length, answers.length + (lost ? 1 : 0), 'only a lost answer is asked for again');
        if (ended.task.status === 'done') assert.equal(draftRows(at), 0, 'nothing is left of the drafts');
      }
    });

  it('killed again and again, it still comes to the same end', async () => {
    await using still = await openWorkbench(files);
    const calm = steady(longWork);
    const wanted = outcomeOf(still, await still.run(calm, { instruction: 'Work' }), calm);
    await using at = await openWorkbench(files);
    const engine = steady(longWork);
    const { id } = at.submit({ instruction: 'Work', maxAttempts: 20 });
    for (let round = 0; round < 9; round++) await at.workUntil({ when: 'before', event: 4 }, engine, id);
    assert.ok(turnsOf(at.queue.events(id)).length >= 9, 'every attempt went on');
    assert.deepEqual(outcomeOf(at, await at.work(engine, id), engine), wanted);
  });

  it('and so it does when the worker dies in any of its turns', async () => {
    await using still = await openWorkbench(files);
    const calm = steady(longWork);
    const wanted = outcomeOf(still, await still.run(calm, { instruction: 'Work' }), calm);
    await using at = await openWorkbench(files);
    const engine = steady(longWork);
    const died = new Set<number>();
    const dying: Engine = {
      ...engine,
      async generate(generation) {
        const answer = await engine.generate(generation);
        if (died.has(generation.turns.length)) return answer;
        died.add(generation.turns.length);
        throw new OspainError('worker_failed', 'The worker was killed.');
      },
    };
    const ended = await at.work(dying, at.submit({ instruction: 'Work', maxAttempts: 20 }).id);
    assert.equal(died.size, longWork.length);
    assert.equal(ended.task.attempts, longWork.length + 1);
    assert.deepEqual(outcomeOf(at, ended, engine), wanted);
  });
});

test('a draft is nobody’s business but the task’s', async () => {
  await using at = await openWorkbench(files);
  const { id } = at.submit();
  await at.workUntil({ when: 'before', event: 4 }, steady([retryMax(3, 5), finish('done', 'x')]), id);
  assert.equal(draftRows(at), 1);
  assert.equal(at.queue.get(id).proposal, null);
  assert.equal(at.proposals.find(id), undefined);
  assert.throws(() => at.proposals.show(id), { code: 'not_found' });
  assert.throws(() => at.proposals.accept(id), { code: 'not_found' });
});

test('what the task saw stands, whatever is saved meanwhile; accepting says so', async () => {
  await using at = await openWorkbench(files);
  const answers = [read('src/limits.ts'), retryMax(3, 5), read('src/limits.ts'), retryMax(5, 7), finish('done', 'x')];
  const engine = steady(answers);
  const { id } = at.submit();
  await at.workUntil({ when: 'before', event: 7 }, engine, id);
  at.write('src/limits.ts', 'export const MINE = 1;\n');
  assert.equal((await at.work(engine, id)).task.status, 'done');
  const told = engine.heard.at(-1)?.turns.map(({ text }) => text);
  assert.equal(told?.[2], `result:\n${LIMITS.trimEnd()}`, 'it is not read again');
  assert.equal(told?.[6], `result:\n${LIMITS.replace('3', '5').trimEnd()}`);
  assert.deepEqual(proposedBy(at, id), [{ path: 'src/limits.ts', before: LIMITS, after: LIMITS.replace('3', '7') }]);
  assert.throws(() => at.proposals.accept(id), { code: 'conflict' });
  assert.equal(at.read('src/limits.ts'), 'export const MINE = 1;\n');
});

test('a proposal that was decided before the task’s end stays decided', async () => {
  for (const decide of ['accept', 'reject', 'undo'] as const) {
    await using at = await openWorkbench(files);
    const engine = steady([retryMax(3, 5), finish('done', 'Set.')]);
    const { id } = at.submit();
    await at.workUntil({ when: 'before', event: 7 }, engine, id);
    if (decide === 'undo') at.proposals.accept(id);
    const { status } = at.proposals[decide](id);
    const { task } = await at.work(engine, id);
    assert.deepEqual([task.status, task.result, task.proposal], ['done', 'Set.', status]);
    assert.equal(engine.heard.length, 2);
  }
});

test('an answer that was cut off is told so after a crash too', async () => {
  const answers = ['{"tool":"edit_file","path":"src/limits.ts"}\n<<<<<<< SEARCH\nexp', 'a', 'b'];
  await using at = await openWorkbench(files);
  const engine = steady(answers, { stop: 'maxTokens' });
  const { id } = at.submit();
  await at.workUntil({ when: 'before', event: 2 }, engine, id);
  await at.work(engine, id);
  assert.equal(
    engine.heard[1]?.turns.at(-1)?.text,
    'error: the answer was cut off after 2048 tokens: change less at once',
  );
});

test('a retry from anew forgets what was drafted and reads the disk again', async () => {
  await using at = await openWorkbench(files);
  const { id } = at.submit();
  const giving = steady([newFile, retryMax(3, 5), finish('failed', 'No.')]);
  assert.equal((await at.work(giving, id)).task.status, 'failed');
  const changed = LIMITS.replace('600', '700');
  at.write('src/limits.ts', changed);
  at.queue.retry(id);
  const engine = steady([read('src/limits.ts'), retryMax(3, 5), finish('done', 'Yes.')]);
  await at.workUntil({ when: 'before', event: 1 }, engine, id);
  assert.equal(draftRows(at), 0);
  await at.work(engine, id);
  assert.equal(engine.heard.at(-1)?.turns[2]?.text, `result:\n${changed.trimEnd()}`);
  assert.deepEqual(proposedBy(at, id), [{ path: 'src/limits.ts', before: changed, after: changed.replace('3', '5') }]);
});

test('a retry from a step has the edits before it and none of those behind', async () => {
  await using at = await openWorkbench(files);
  const answers = [retryMax(3, 5), newFile, retryMax(5, 7), finish('failed', 'No.')];
  const first = steady(answers);
  const { id } = at.submit();
  assert.equal((await at.work(first, id)).task.status, 'failed');
  at.write('src/limits.ts', 'export const MINE = 1;\n');
  // Behind the first edit: a turn and its call are two steps.
  at.queue.retry(id, 3);
  const engine = steady([retryMax(3, 5), read('src/limits.ts'), retryMax(5, 9), finish('done', 'Yes.')]);
  for (const event of [1, 4]) await at.workUntil({ when: 'before', event }, engine, id);
  assert.equal((await at.work(engine, id)).task.result, 'Yes.');
  assert.deepEqual(engine.heard[0]?.turns, first.heard[1]?.turns, 'the kept steps are told in the same words');
  assert.equal(engine.heard.at(-1)?.turns[4]?.text, `result:\n${LIMITS.replace('3', '5').trimEnd()}`);
  assert.deepEqual(proposedBy(at, id), [{ path: 'src/limits.ts', before: LIMITS, after: LIMITS.replace('3', '9') }]);
});

test('paused between two steps, it goes on where it was', async () => {
  await using still = await openWorkbench(files);
  const calm = steady(longWork);
  const wanted = outcomeOf(still, await still.run(calm, { instruction: 'Work' }), calm);
  await using at = await openWorkbench(files);
  const engine = steady(longWork);
  const { id } = at.submit({ instruction: 'Work' });
  const pausing: Engine = {
    ...engine,
    async generate(generation) {
      at.queue.pause(id);
      return engine.generate(generation);
    },
  };
  for (let turn = 1; turn <= longWork.length; turn++) {
    const { task, events } = await at.work(pausing, id);
    assert.equal(task.status, 'paused');
    assert.equal(turnsOf(events).length, turn);
    at.queue.resume(id);
  }
  assert.deepEqual(outcomeOf(at, await at.work(engine, id), engine), wanted);
  assert.equal(engine.heard.length, longWork.length);
});

test('an answer that is there is not asked for again', async () => {
  const kinds = [
    ['ask', { instruction: 'Is src/limits.ts right?' }, 'Yes.', 'Yes.'],
    ['plan', { instruction: 'Ship it' }, '{"tool":"finish","outcome":"done"}\n1. One\n2. Two', '1. One\n2. Two'],
    ['tag', { instruction: 'fix it' }, '{"tags":["bug"],"horizon":"next"}', 'tags: bug · horizon: next'],
  ] as const;
  for (const [kind, params, answer, result] of kinds) {
    await using at = await openWorkbench(files);
    const engine = scripted([answer]);
    const { id } = at.submit({ kind, ...params });
    await at.workUntil({ when: 'before', event: 2 }, engine, id);
    at.write('src/limits.ts', 'x'.repeat(100_000));
    const { task } = await at.work(engine, id);
    assert.equal(task.result, result, JSON.stringify(task.error));
    assert.equal(engine.heard.length, 1);
  }
});

describe('the embedded model', { timeout: 300_000 }, () => {
  let real: TestPool;
  before(async () => {
    real = await openPool();
    real.registry.registerEmbedded();
  });
  after(() => real[Symbol.asyncDispose]());

  /** The real pool, remembering what it was asked. */
  const listening = (): ScriptedEngine => {
    const heard: ScriptedEngine['heard'] = [];
    const { describe, generate } = real.pool;
    return {
      heard,
      left: () => 0,
      describe,
      generate(generation) {
        heard.push({ ...generation, turns: [...generation.turns] });
        return generate(generation);
      },
    };
  };

  it('comes to the same edit, killed between any two of its steps', async () => {
    const params = { instruction: 'Set RETRY_MAX to 5 in src/limits.ts.' };
    await using still = await openWorkbench(files);
    const calm = listening();
    const undisturbed = await still.run(calm, params);
    const wanted = outcomeOf(still, undisturbed, calm);
    assert.equal(wanted.status, 'done');
    assert.equal(wanted.proposed[0]?.after, LIMITS.replace('3', '5'));
    for (const [index, { type }] of stepEvents(undisturbed.events).entries()) {
      if (type !== 'turn' && type !== 'proposal') continue;
      await using at = await openWorkbench(files);
      const engine = listening();
      const { id } = at.submit(params);
      await at.workUntil({ when: 'before', event: index + 1 }, engine, id);
      assert.deepEqual(outcomeOf(at, await at.work(engine, id), engine), wanted, `killed before ${index + 1}`);
    }
  });
});
