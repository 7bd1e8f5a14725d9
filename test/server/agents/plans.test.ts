import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { openWorkbench, scripted } from './workbench.ts';

const files = { 'src/orders.ts': 'export {};\n', 'src/big.ts': `${'x'.repeat(99)}\n`.repeat(400) };
const finish = (text: string) => `{"tool":"finish","outcome":"done"}\n${text}`;
const ANSWER = finish('1. Add a cache in src/orders.ts\n2. Split the loader in src/big.ts\n3. Test both (after 1, 2)');

const isCode = (code: string) => (thrown: unknown) => thrown instanceof OspainError && thrown.code === code;

test('a model looks around, changes nothing, and ends with parts that know what they come after', async () => {
  await using at = await openWorkbench(files);
  const edit = '{"tool":"edit_file","path":"src/orders.ts"}\n<<<<<<< SEARCH\nexport {};\n=======\n>>>>>>> REPLACE';
  const engine = scripted(['{"tool":"list_files","path":"."}', edit, ANSWER]);
  const { task } = await at.run(engine, { kind: 'plan', instruction: 'Make it quick' });
  assert.match(engine.heard[0]?.system ?? '', /^You plan changes of code .*, and make none/);
  assert.equal(engine.heard[1]?.turns[2]?.text, 'result:\nsrc/big.ts\nsrc/orders.ts');
  assert.equal(engine.heard[2]?.turns[4]?.text, 'error: there is no tool named "edit_file"');
  assert.equal(task.proposal, null);
  assert.equal(task.result, '1. Add a cache in src/orders.ts\n2. Split the loader in src/big.ts\n3. Test both');
  const plan = at.plansWith(engine).show(String(task.number));
  assert.deepEqual(
    plan.parts.map(({ after }) => after),
    [[], [], [1, 2]],
  );
  assert.equal(plan.status, 'open');
  assert.deepEqual(
    plan.warnings.map(({ part }) => part),
    [2],
  );
  assert.match(plan.warnings[0]?.text ?? '', /^src\/big\.ts has 40000 characters; about \d+ of it fit/);
});

test('a plan that cannot be read is told so once; then a person is asked', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([finish('First the cache.'), finish('Here it is:\n\n1. Cache\n2. Test (after 1)')]);
  const { task } = await at.run(engine, { kind: 'plan', instruction: 'Make it quick' });
  assert.match(
    engine.heard[1]?.turns[2]?.text ?? '',
    /^error: Line 1 of the plan cannot be read: it is neither a part/,
  );
  assert.equal(task.result, '1. Cache\n2. Test');
  const never = scripted([finish('No.'), finish('1. a (after 2)')]);
  const { task: stuck } = await at.run(never, { kind: 'plan', instruction: 'Make it quick' });
  assert.equal(stuck.waits, 'waits for your answer: how to go on');
});

test('the embedded model says sentences: each comes after the one before', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted(['["Open the parser","Add a cache to it","Test it"]'], 'tiny', 1024);
  const { task } = await at.run(engine, { kind: 'plan', instruction: 'add a cache to the parser' });
  assert.equal(engine.heard[0]?.turns[0]?.text, 'Plan: add a cache to the parser');
  assert.deepEqual(
    at
      .plansWith(engine)
      .show(task.id)
      .parts.map(({ after }) => after),
    [[], [1], [2]],
  );
});

test('a person edits it and starts it: its parts are tasks that wait for each other', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([ANSWER]);
  const { task } = await at.run(engine, { kind: 'plan', instruction: 'make it quick', model: 'fast', priority: 3 });
  const plans = at.plansWith(engine);
  assert.throws(() => plans.edit(task.id, [{ instruction: 'a', after: [1] }]), isCode('invalid_params'));
  const parts = [
    { instruction: 'Add a cache', after: [] },
    { instruction: 'Test it', after: [1] },
  ];
  assert.deepEqual(plans.edit(String(task.number), parts).parts, parts);
  assert.equal(plans.start({ taskId: task.id, autoAccept: 'edits' }).status, 'started');
  const made = at.queue.list({ parentId: task.id, limit: 10 }).tasks.toReversed();
  const same = { model: 'fast', priority: 3, autoAccept: 'edits', parentId: task.id };
  assert.partialDeepStrictEqual(made, [
    { ...same, instruction: 'Add a cache', status: 'pending', dependsOn: [] },
    {
      ...same,
      instruction: 'Test it',
      status: 'blocked',
      dependsOn: [{ taskId: made[0]?.id, onFailure: 'hold' }],
    },
  ]);
  for (const again of [() => plans.start({ taskId: task.id, autoAccept: 'none' }), () => plans.edit(task.id, parts)])
    assert.throws(again, isCode('wrong_state'));
  assert.equal(at.queue.list({ parentId: task.id, limit: 10 }).tasks.length, 2);
  assert.throws(() => at.db.exec(`UPDATE plans SET parts = '[]'`), /does not change/);
});

test('when one part cannot be made a task, none is', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([ANSWER]);
  const { task } = await at.run(engine, { kind: 'plan', instruction: 'make it quick' });
  const plans = at.plansWith(engine);
  plans.edit(task.id, [
    { instruction: 'fine', after: [] },
    { instruction: 'x'.repeat(1_100_000), after: [] },
  ]);
  assert.throws(() => plans.start({ taskId: task.id, autoAccept: 'none' }), isCode('too_large'));
  assert.equal(at.queue.list({ limit: 10 }).tasks.length, 1);
  assert.equal(plans.show(task.id).status, 'open');
});

test('a task of another kind has none', async () => {
  await using at = await openWorkbench(files);
  assert.throws(() => at.plansWith(scripted([])).show(at.submit().id), isCode('not_found'));
});

const EDIT = [
  '{"tool":"edit_file","path":"src/orders.ts"}\n<<<<<<< SEARCH\nexport {};\n=======\nexport const a = 1;\n>>>>>>> REPLACE',
  '{"tool":"finish","outcome":"done"}\nDone.',
];

test('a part that comes after another starts when its edits are on disk, not when they are proposed', async () => {
  await using at = await openWorkbench(files);
  const first = at.submit();
  const second = at.submit({ dependsOn: [{ taskId: first.id, onFailure: 'hold' }] });
  await at.work(scripted(EDIT), first.id);
  assert.equal(at.queue.get(second.id).waits, `waits for your review of #${first.number}`);
  assert.equal(at.submit({ dependsOn: [{ taskId: first.id, onFailure: 'hold' }] }).status, 'blocked');
  at.proposals.accept(first.id);
  assert.equal(at.queue.get(second.id).status, 'pending');
  const engine = scripted([
    '{"tool":"read_file","path":"src/orders.ts","from":1,"to":300}',
    '{"tool":"finish","outcome":"done"}\nSeen.',
  ]);
  await at.work(engine, second.id);
  assert.equal(engine.heard[1]?.turns[2]?.text, 'result:\nexport const a = 1;');
});

test('what comes after rejected edits is held for a person, who may let it run anyway', async () => {
  await using at = await openWorkbench(files);
  const first = at.submit();
  const [held, cancelled, running] = (['hold', 'cancel', 'run'] as const).map((onFailure) =>
    at.submit({ dependsOn: [{ taskId: first.id, onFailure }] }),
  );
  assert.ok(held && cancelled && running);
  await at.work(scripted(EDIT), first.id);
  at.proposals.reject(first.id);
  assert.equal(at.queue.get(held.id).waits, `held: the edits of #${first.number} were rejected`);
  assert.equal(at.queue.get(cancelled.id).status, 'cancelled');
  assert.equal(at.queue.get(running.id).status, 'pending');
  assert.equal(at.queue.resume(held.id).status, 'pending');
});

test('with auto-accept the next one starts at the end of the task, not before', async () => {
  await using at = await openWorkbench(files);
  const first = at.submit({ autoAccept: 'edits' });
  const second = at.submit({ dependsOn: [{ taskId: first.id, onFailure: 'cancel' }] });
  const { events } = await at.work(scripted(EDIT), first.id);
  assert.deepEqual([at.queue.get(first.id).proposal, at.queue.get(second.id).status], ['accepted', 'pending']);
  const freed = at.queue.events(second.id).findLast(({ type }) => type === 'waiting');
  const accepted = events.find(
    ({ type, data }) => type === 'proposal' && 'status' in data && data.status === 'accepted',
  );
  assert.ok(freed && accepted && freed.at >= accepted.at);
  assert.equal(at.queue.events(second.id).filter(({ type }) => type === 'waiting').length, 2);
});
