import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INTERACTIVE, type ParsedParams, type Profile } from '../../../protocol/index.ts';
import { createActions } from '../../../server/language/actions.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';
import { openWorkbench, scripted } from '../agents/workbench.ts';
import { at, problem } from './place.ts';

const ORDERS = 'export function totalPrise(a, b) {\n  return a + b;\n}\n\nfunction check(a) {\n  if (a) throw a;\n}\n';
const files = { 'src/orders.ts': ORDERS };

async function open(profile: Profile, more: Record<string, string> = {}) {
  const bench = await openWorkbench({ ...files, ...more });
  const actions = createActions({
    queue: bench.queue,
    engine: scripted([], profile, profile === 'tiny' ? 1024 : 8192),
    syntax: createSyntax(),
    root: bench.root,
  });
  const run = (params: Partial<ParsedParams<'action/run'>> & ReturnType<typeof at>) =>
    actions.run({ name: 'explain', problem: null, autoAccept: 'none', ...params });
  return { bench, actions, run };
}

const IN_SUM = ORDERS.replace('a + b', 'a |+ b');

test('everything is offered for a model that can code, and becomes a task that overtakes', async () => {
  const { bench, actions, run } = await open('small');
  await using _ = bench;
  const place = at(IN_SUM, {
    problems: [problem(ORDERS, 'a + b', 'Types do not match.', { source: 'ts', code: '2365' })],
  });
  const offered = await actions.list(place);
  assert.deepEqual(
    offered.map(({ name, title, disabled, problem }) => [name, title, disabled, problem]),
    [
      ['fix', 'Fix this problem: Types do not match.', null, 0],
      ['explain', 'Explain totalPrise', null, null],
      ['document', 'Document totalPrise', null, null],
      ['tests', 'Write Tests for totalPrise', null, null],
      ['refactor', 'Refactor…', null, null],
      ['ask', 'Ask…', null, null],
    ],
  );
  assert.deepEqual(
    offered.filter(({ sure }) => sure),
    [],
  );
  const text = 'export function totalPrise(a, b) {\n  return a + b;\n}';
  const explained = await run(place);
  assert.equal(explained.kind, 'ask');
  assert.equal(explained.priority, INTERACTIVE);
  assert.deepEqual(explained.context, { path: 'src/orders.ts', text });
  const fixed = await run({ ...place, name: 'fix', problem: 0 });
  assert.equal(fixed.kind, 'agent');
  assert.equal(
    fixed.instruction,
    'Fix this problem in src/orders.ts, line 2: Types do not match. (ts 2365)\nChange nothing else.',
  );
  const asked = await run({ ...place, name: 'ask', said: 'Why not c?' });
  assert.deepEqual([asked.instruction, asked.context], ['Why not c?', { path: 'src/orders.ts', text }]);
});

test('the text that is open wins for a question; edits need a file that is saved', async () => {
  const { bench, run } = await open('full');
  await using _ = bench;
  const unsaved = at(IN_SUM.replace('a + b', 'a * b').replace('a |+', 'a |*'));
  const { context } = await run(unsaved);
  assert.match(context?.text ?? '', /a \* b/);
  await assert.rejects(run({ ...unsaved, name: 'document' }), { code: 'wrong_state', hint: /Save the file/ });
  await assert.rejects(run({ ...at(IN_SUM, { path: 'src/new.ts' }), name: 'document' }), { code: 'wrong_state' });
  const windows = at(IN_SUM.replaceAll('\n', '\r\n'));
  assert.equal((await run({ ...windows, name: 'document' })).kind, 'agent', 'line ends are no changes');
  bench.write('src/orders.ts', `\uFEFF${ORDERS}`);
  assert.equal((await run({ ...at(IN_SUM), name: 'document' })).kind, 'agent', 'nor is the mark at the beginning');
});

test('a comment says what to do where nobody can be asked', async () => {
  const { bench, actions, run } = await open('full');
  await using _ = bench;
  const text = ORDERS.replace('  return a + b', '  // ospain2: is this safe for floats?\n  return a + b');
  bench.write('src/orders.ts', text);
  const place = at(text.replace('  // o', '  |// o'));
  const titles = (await actions.list(place)).map(({ title, question }) => [title, question]);
  assert.deepEqual(titles.slice(-2), [
    ['Refactor: is this safe for floats?', null],
    ['Ask: is this safe for floats?', null],
  ]);
  assert.equal((await run({ ...place, name: 'ask' })).instruction, 'is this safe for floats?');
  await assert.rejects(run({ ...at(IN_SUM), name: 'ask' }), { code: 'invalid_params', message: /want to know/ });
});

test('where nothing is pointed at, actions say what is missing; unasked nothing is offered without a reason', async () => {
  const { bench, actions, run } = await open('full');
  await using _ = bench;
  const nowhere = at(ORDERS.replace('\n\n', '\n|\n'));
  assert.deepEqual([...new Set((await actions.list(nowhere)).map(({ disabled }) => disabled))].length, 1);
  await assert.rejects(run(nowhere), { code: 'wrong_state', message: /Select some code/ });
  await assert.rejects(run({ ...nowhere, name: 'fix', problem: 0 }), { code: 'not_found' });
  assert.deepEqual(await actions.list({ ...at(IN_SUM), automatic: true }), []);
  const selected = at(ORDERS.replace('return a + b;', '|return a + b;|'));
  assert.equal((await actions.list({ ...selected, automatic: true }))[0]?.title, 'Explain Selection');
});

test('a path outside of the workspace is refused', async () => {
  const { bench, actions, run } = await open('full');
  await using _ = bench;
  for (const path of ['../secret.ts', '/etc/passwd', '.git/hooks/a.ts'])
    for (const attempt of [
      async () => await actions.list(at(IN_SUM, { path })),
      async () => await actions.lenses(at(IN_SUM, { path })),
      () => run(at(IN_SUM, { path })),
    ])
      await assert.rejects(attempt, { code: 'path_outside' });
});

test('the embedded model is offered for what it can do, and says why not for the rest', async () => {
  const { bench, actions, run } = await open('tiny');
  await using _ = bench;
  const offered = async (marked: string) =>
    Object.fromEntries((await actions.list(at(marked))).map((action) => [action.name, action]));
  const simple = await offered(IN_SUM);
  assert.equal(simple['explain']?.disabled, null);
  assert.equal(simple['document']?.disabled, null);
  assert.match(simple['document']?.question ?? '', /comment of totalPrise/);
  for (const name of ['tests', 'ask']) assert.match(simple[name]?.disabled ?? '', /The embedded model/);
  const involved = await offered(ORDERS.replace('throw a', 'thr|ow a'));
  assert.match(involved['explain']?.disabled ?? '', /check is more than that/);
  assert.equal((await run(at(IN_SUM))).instruction, 'What does totalPrise do?');
  const said = { ...at(IN_SUM), name: 'document' as const, said: 'Adds two prices.' };
  assert.equal((await run(said)).instruction, 'Add a doc comment to totalPrise in src/orders.ts: Adds two prices.');
  const refactor = { ...at(IN_SUM), name: 'refactor' as const };
  assert.equal((await run({ ...refactor, said: 'rename totalPrise to sum' })).instruction, 'rename totalPrise to sum');
  await assert.rejects(run({ ...refactor, said: 'make it faster' }), { code: 'not_taught' });
  const long = `${ORDERS}${'// more\n'.repeat(1500)}`;
  const place = at(long.replace('a + b', 'a |+ b'));
  assert.match((await actions.list(place)).find(({ name }) => name === 'document')?.disabled ?? '', /characters/);
});

test('the embedded model fixes what has one certain fix, unless others use the name', async () => {
  const page = "import { totalPrice } from './orders.ts';\n";
  const { bench, actions, run } = await open('tiny', { 'src/page.ts': page });
  await using _ = bench;
  const known = problem(
    page,
    'totalPrice',
    `'"./orders.ts"' has no exported member named 'totalPrice'. Did you mean 'totalPrise'?`,
  );
  const other = problem(page, 'totalPrice', 'Something else.');
  const place = at(page.replace('totalPrice', 'total|Price'), { path: 'src/page.ts', problems: [other, known] });
  const [unknown, fix] = await actions.list({ ...place, automatic: true });
  assert.match(unknown?.disabled ?? '', /not taught/);
  assert.deepEqual(
    [fix?.title, fix?.disabled, fix?.sure, fix?.problem],
    ['Fix this problem: rename totalPrise to totalPrice in src/orders.ts', null, false, 1],
  );
  const task = await run({ ...place, name: 'fix', problem: 1 });
  assert.equal(task.instruction, 'Rename totalPrise to totalPrice in src/orders.ts.');
  assert.deepEqual(task.context, { path: 'src/orders.ts' });
  await assert.rejects(run({ ...place, name: 'fix', problem: 0 }), { code: 'wrong_state' });
  bench.write('src/bill.ts', "import { totalPrise } from './orders.ts';\n");
  await assert.rejects(run({ ...place, name: 'fix', problem: 1 }), { code: 'wrong_state', message: /src\/bill\.ts/ });
});

test('lenses are above functions and types; a commit message is an interactive question', async () => {
  const { bench, actions } = await open('full');
  await using _ = bench;
  const lenses = await actions.lenses(at(`const A = 1;\n${ORDERS}`));
  const three = ['explain', 'document', 'tests'];
  assert.deepEqual(
    lenses.map(({ name, range, actions }) => [name, range.start.line, actions.map((action) => action.name)]),
    [
      ['totalPrise', 1, three],
      ['check', 5, three],
    ],
  );
  const tiny = await open('tiny');
  await using __ = tiny.bench;
  assert.deepEqual(
    (await tiny.actions.lenses(at(ORDERS))).map(({ actions }) => actions.map((action) => action.name)),
    [['explain', 'document'], ['document']],
  );
  const task = await actions.commitMessage({ model: 'default', diff: 'diff --git a/a b/a\n+x\n' });
  assert.deepEqual([task.kind, task.priority, task.context?.text], ['ask', INTERACTIVE, 'diff --git a/a b/a\n+x']);
});
