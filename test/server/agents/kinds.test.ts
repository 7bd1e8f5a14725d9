import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Profile, TaskKind } from '../../../protocol/index.ts';
import { callGrammar, PLAN_GRAMMAR, tagGrammar } from '../../../server/agents/grammar.ts';
import { createKinds } from '../../../server/agents/kinds.ts';
import { formsOf, toolsOf } from '../../../server/agents/tools/toolSet.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';
import { CANARY, openPool, type TestPool, user } from '../inference/testPool.ts';
import { openWorkbench, scripted } from './workbench.ts';

const LIMITS =
  'export const RETRY_MAX = 3;\nexport const CACHE_TTL = 600;\n\nexport function clampRate(a, b) {\n  if (a > b) return b;\n  return a;\n}\n';
const ORDERS =
  'const MAX_ITEMS = 20;\n\nfunction totalPrice(a, b) {\n  return a + b;\n}\n\nfunction saveOrder(order) {\n  return order.id;\n}\n';
const CONFIG = 'export const debugMode = false;\nexport const PORT = 8080;\nexport const HOST_NAME = "localhost";\n';
const files = { 'src/limits.ts': LIMITS, 'src/orders.ts': ORDERS, 'lib/config.js': CONFIG };

const planGrammar = () => PLAN_GRAMMAR;

/** The model that ships, in a real worker. What it answers right was tried; greedy decoding answers the same again. */
describe('the embedded model works a task', { timeout: 300_000 }, () => {
  let real: TestPool;
  before(async () => {
    real = await openPool();
    real.registry.registerEmbedded();
  });
  after(() => real[Symbol.asyncDispose]());

  const edits: [instruction: string, path: string, after: string][] = [
    ['Set RETRY_MAX to 5 in src/limits.ts.', 'src/limits.ts', LIMITS.replace('RETRY_MAX = 3', 'RETRY_MAX = 5')],
    ['set MAX_ITEMS to 50 in src/orders.ts', 'src/orders.ts', ORDERS.replace('20', '50')],
    ['PORT in lib/config.js should be 9090', 'lib/config.js', CONFIG.replace('8080', '9090')],
    ['Rename totalPrice to sumPrice in src/orders.ts', 'src/orders.ts', ORDERS.replace('totalPrice', 'sumPrice')],
    [
      'Please add a doc comment to saveOrder in src/orders.ts: Saves one order.',
      'src/orders.ts',
      ORDERS.replace('function saveOrder', '/** Saves one order. */\nfunction saveOrder'),
    ],
  ];
  for (const [instruction, path, wanted] of edits)
    it(instruction, async () => {
      await using at = await openWorkbench(files);
      const { task, events } = await at.run(real.pool, { instruction });
      assert.equal(task.status, 'done', JSON.stringify(task.error));
      assert.deepEqual(
        at.proposals.show(task.id).files.map((file) => [file.path, file.after]),
        [[path, wanted]],
      );
      assert.equal(at.read(path), files[path as keyof typeof files]);
      at.proposals.accept(task.id);
      assert.equal(at.read(path), wanted);
      const turns = events.flatMap((event) => (event.type === 'turn' ? [event.data] : []));
      for (const { turn, text } of turns) {
        const streamed = events.flatMap((event) =>
          event.type === 'text' && event.data.turn === turn ? [event.data.text] : [],
        );
        assert.equal(streamed.join(''), text, 'what streamed is the turn');
      }
      assert.ok((turns.at(-1)?.usage.cachedTokens ?? 0) > 0, 'the evaluated prefix is kept');
    });

  const failures: [instruction: string, message: string][] = [
    ['Set PAGE_SIZE to 50 in src/pages.ts', 'There is no file src/pages.ts.'],
    ['Rename parseDate to readDate in src/limits.ts', 'There is no parseDate in src/limits.ts.'],
  ];
  for (const [instruction, message] of failures)
    it(`${instruction}: it fails, and says why`, async () => {
      await using at = await openWorkbench(files);
      const { task } = await at.run(real.pool, { instruction });
      assert.equal(task.error?.code, 'task_failed');
      assert.equal(task.error?.message, message);
      assert.equal(task.proposal, null);
    });

  const answers: [kind: TaskKind, instruction: string, result: string][] = [
    [
      'plan',
      'add a cache to the server',
      '1. Open the server\n2. Add a cache to the server\n3. Test a cache in the server',
    ],
    ['tag', 'fix the crash in the parser tomorrow', 'tags: bug · horizon: next'],
  ];
  for (const [kind, instruction, result] of answers)
    it(`${kind}: ${instruction}`, async () => {
      await using at = await openWorkbench(files);
      assert.equal((await at.run(real.pool, { kind, instruction })).task.result, result);
    });

  it('and what it was not taught ends before the model is asked', async () => {
    await using at = await openWorkbench(files);
    const { task, types } = await at.run(real.pool, { instruction: 'Fix the bug in src/limits.ts' });
    assert.equal(task.error?.code, 'not_taught');
    assert.match(task.error?.hint ?? '', /ospain2\.models/);
    assert.deepEqual(types, ['submitted', 'started', 'failed']);
  });

  it('and llama.cpp reads the grammars of every profile', async () => {
    real.registry.registerFile({ name: 'other', version: '1.0.0', path: CANARY });
    const callsOf = (profile: Profile) => callGrammar(profile, formsOf(toolsOf(profile)));
    for (const profile of ['full', 'small', 'tiny'] satisfies Profile[])
      for (const [make, beginning] of [
        [callsOf, /^\{"tool":"(read_file|list_files|search_text|edit_file|finish)",/],
        [planGrammar, /^\["./],
        [tagGrammar, /^\{"tags":\["./],
      ] as const) {
        const answer = await real.ask('other', [user('Do something else')], {
          grammar: { gbnf: make(profile) },
          maxTokens: 60,
        });
        assert.match(answer.text, beginning, `${make.name} ${profile}`);
      }
  });
});

describe('the product looks over the embedded model’s shoulder', () => {
  it('a wrong edit never becomes a proposal, whatever the model says', async () => {
    await using at = await openWorkbench(files);
    const wrong =
      '{"tool":"edit_file","path":"lib/config.js"}\n<<<<<<< SEARCH\nexport const PORT = 8080;\n=======\nexport const PART = 9090;\n>>>>>>> REPLACE';
    const done = '{"tool":"finish","outcome":"done"}\nChanged PORT to 9090.';
    const engine = scripted([wrong, done, done], 'tiny', 1024);
    const { task } = await at.run(engine, { instruction: 'Set PORT to 9090 in lib/config.js' });
    assert.equal(task.error?.code, 'task_failed');
    assert.equal(task.proposal, null);
    assert.equal(engine.heard[1]?.turns.at(-1)?.text, 'error: this edit is not what was asked for');
  });

  it('a rename that left a call says so', async () => {
    await using at = await openWorkbench({ 'a.ts': 'function go() {}\ngo();\n' });
    const edit =
      '{"tool":"edit_file","path":"a.ts"}\n<<<<<<< SEARCH\nfunction go() {}\n=======\nfunction run() {}\n>>>>>>> REPLACE';
    const engine = scripted([edit, '{"tool":"finish","outcome":"done"}\nRenamed go to run.'], 'tiny', 1024);
    const { task } = await at.run(engine, { instruction: 'Rename go to run in a.ts' });
    assert.equal(task.result, 'Renamed go to run.\na.ts still has go in line 2; other files were not looked at.');
  });

  it('what is so already is said without the model', async () => {
    await using at = await openWorkbench({ ...files, 'doc.ts': '/** Goes. */\nfunction go() {}\n' });
    for (const instruction of ['Set RETRY_MAX to 3 in src/limits.ts', 'Document go in doc.ts: Goes.']) {
      const engine = scripted([], 'tiny', 1024);
      const { task } = await at.run(engine, { instruction });
      assert.equal(task.status, 'done', JSON.stringify(task.error));
      assert.match(task.result ?? '', /is so already; nothing was changed/);
      assert.equal(task.proposal, null);
    }
  });

  it('hears a request in one form, with the file that the person looks at', async () => {
    await using at = await openWorkbench(files);
    const engine = scripted(['{"tool":"finish","outcome":"failed"}\nx'], 'tiny', 1024);
    await at.run(engine, {
      instruction: 'could you please set RETRY_MAX to 5? thanks',
      context: { path: 'src/limits.ts', text: 'RETRY_MAX' },
    });
    assert.equal(engine.heard[0]?.turns[0]?.text, 'Set RETRY_MAX to 5 in src/limits.ts.');
  });
});

it('there is a kind for every sort of task', async () => {
  await using at = await openWorkbench({});
  const engine = scripted([]);
  const plans = at.plansWith(engine);
  const kinds = createKinds({
    engine,
    proposals: at.proposals,
    plans,
    root: at.root,
    guard: at.guard,
    syntax: createSyntax(),
    findTask: at.queue.get,
    thinkingTokens: 0,
  });
  assert.deepEqual(kinds.map(({ name }) => name).sort(), ['agent', 'ask', 'plan', 'tag']);
});
