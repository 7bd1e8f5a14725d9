import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Edit, renderCall } from '../../../server/agents/format.ts';
import { openWorkbench, proposedBy, scripted } from './workbench.ts';

const LIMITS = 'export const RETRY_MAX = 3;\nexport const CACHE_TTL = 600;\n';
const USERS =
  'export function loadUser(id) {\n  return id;\n}\n\nexport function show(id) {\n  return loadUser(id);\n}\n';
const files = { 'src/limits.ts': LIMITS, 'src/users.ts': USERS };

const read = (path: string) => renderCall({ tool: 'read_file', path, from: 1, to: 300 });
const edit = (path: string, ...pairs: [search: string, replace: string][]) =>
  renderCall({ tool: 'edit_file', path, body: pairs.map(([search, replace]): Edit => ({ search, replace })) });
const finish = (outcome: 'done' | 'failed' | 'blocked', text: string) =>
  renderCall({ tool: 'finish', outcome, body: text });
const setTo5 = edit('src/limits.ts', ['export const RETRY_MAX = 3;', 'export const RETRY_MAX = 5;']);
const wrongSearch = edit('src/limits.ts', ['const RETRY_MAX = 4;', 'const RETRY_MAX = 5;']);
const wanted = { instruction: 'Set RETRY_MAX to 5 in src/limits.ts' };

test('a constant: the edit waits, the disk does not change', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([read('src/limits.ts'), setTo5, finish('done', 'Changed RETRY_MAX to 5.')]);
  const { task, events, types } = await at.run(engine, wanted);
  assert.equal(task.status, 'done');
  assert.equal(task.result, 'Changed RETRY_MAX to 5.');
  assert.equal(task.proposal, 'open');
  assert.deepEqual(types, [
    'submitted',
    'started',
    'turn',
    'call',
    'result',
    'turn',
    'call',
    'result',
    'turn',
    'call',
    'proposal',
    'done',
  ]);
  assert.deepEqual(events.find(({ type }) => type === 'proposal')?.data, {
    status: 'open',
    files: [{ path: 'src/limits.ts', added: 1, removed: 1 }],
  });
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'call' ? [event.data.summary] : [])),
    ['read src/limits.ts', 'edit src/limits.ts', 'finish: done'],
  );
  assert.equal(
    events.flatMap((event) => (event.type === 'text' && event.data.turn === 2 ? [event.data.text] : [])).join(''),
    setTo5,
    'what streamed is the turn',
  );
  assert.deepEqual(proposedBy(at, task.id), [
    { path: 'src/limits.ts', before: LIMITS, after: LIMITS.replace('3', '5') },
  ]);
  assert.equal(at.read('src/limits.ts'), LIMITS);
});

test('the transcript only grows, and its beginning never changes', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([read('src/limits.ts'), setTo5, finish('done', 'x')]);
  const { task } = await at.run(engine, wanted);
  for (const [index, { system, turns, conversation, temperature }] of engine.heard.entries()) {
    assert.equal(system, engine.heard[0]?.system);
    assert.equal(conversation, task.id);
    assert.equal(temperature, 0);
    assert.deepEqual(turns.slice(0, index * 2 - 1), (engine.heard[index - 1]?.turns ?? []).slice(0, index * 2 - 1));
    assert.equal(turns.length, index * 2 + 1);
  }
  assert.deepEqual(
    engine.heard
      .at(-1)
      ?.turns.filter(({ role }) => role === 'user')
      .map(({ text }) => text),
    [wanted.instruction, `result:\n${LIMITS.trimEnd()}`, 'result:\nedited src/limits.ts'],
  );
});

test('answers may be guessed from the transcript, except those of the embedded model', async () => {
  for (const profile of ['full', 'small', 'tiny'] as const) {
    await using at = await openWorkbench(files);
    const engine = scripted([read('src/limits.ts'), setTo5, finish('done', 'Changed it.')], profile);
    const { task } = await at.run(engine, wanted);
    assert.equal(task.status, 'done');
    assert.ok(engine.heard.every(({ repeats }) => repeats === (profile !== 'tiny')));
  }
});

test('the first request is small', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([finish('done', 'x')]);
  await at.run(engine, wanted);
  const [first] = engine.heard;
  const bytes = Buffer.byteLength(`${first?.system}${first?.turns.map(({ text }) => text).join('')}`);
  assert.ok(bytes <= 4000, `${bytes} bytes`);
});

test('a rename with two edits, the second seeing the first', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([
    read('src/users.ts'),
    edit('src/users.ts', ['export function loadUser(id) {', 'export function fetchUser(id) {']),
    edit('src/users.ts', ['  return loadUser(id);', '  return fetchUser(id);']),
    finish('done', 'Renamed loadUser to fetchUser and updated its call.'),
  ]);
  const { task } = await at.run(engine, { instruction: 'Rename loadUser to fetchUser in src/users.ts' });
  assert.equal(at.proposals.show(task.id).files[0]?.after, USERS.replaceAll('loadUser', 'fetchUser'));
});

test('a doc comment, and a new file beside it', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([
    edit('src/users.ts', ['export function show(id) {', '/** Shows one user. */\nexport function show(id) {']),
    edit('docs/users.md', ['', '# Users']),
    finish('done', 'Documented show.'),
  ]);
  const { task } = await at.run(engine, { instruction: 'Document show' });
  assert.deepEqual(
    at.proposals.show(task.id).files.map(({ path, before }) => [path, before === null]),
    [
      ['docs/users.md', true],
      ['src/users.ts', false],
    ],
  );
});

test('no such file: the model hears it, the task fails with the model’s words', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([read('src/limit.ts'), finish('failed', 'There is no file src/limit.ts.')]);
  const { task, types } = await at.run(engine, { instruction: 'Set A to 1 in src/limit.ts' });
  assert.equal(engine.heard[1]?.turns.at(-1)?.text, 'error: no such file: src/limit.ts; nearest: src/limits.ts');
  assert.equal(task.status, 'failed');
  assert.deepEqual(task.error, { code: 'task_failed', message: 'There is no file src/limit.ts.' });
  assert.equal(task.attempts, 1, 'another attempt would end alike');
  assert.equal(task.proposal, null);
  assert.ok(!types.includes('proposal'));
});

test('blocked is a failure with the model’s words', async () => {
  await using at = await openWorkbench(files);
  const { task } = await at.run(scripted([finish('blocked', 'I need the new value.')]), wanted);
  assert.deepEqual(task.error, { code: 'task_failed', message: 'I need the new value.' });
});

test('done without an edit is done: there was nothing to do', async () => {
  await using at = await openWorkbench(files);
  const { task } = await at.run(scripted([finish('done', 'It is 3 already.')]), wanted);
  assert.equal(task.status, 'done');
  assert.equal(task.proposal, null);
});

test('done after a failed edit is refused once; a good edit then ends well', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([wrongSearch, finish('done', 'Done.'), setTo5, finish('done', 'Now done.')]);
  const { task } = await at.run(engine, wanted);
  assert.match(
    engine.heard[2]?.turns.at(-1)?.text ?? '',
    /^error: nothing is done yet, the last edit did not work \(the search text was not found; nearest: export const RETRY_MAX = 3;\)/,
  );
  assert.equal(task.result, 'Now done.');
});

test('done after a failed edit a second time fails, and proposes nothing', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([setTo5, wrongSearch, finish('done', 'Done.'), finish('done', 'Really done.')]);
  const { task } = await at.run(engine, wanted);
  assert.equal(task.status, 'failed');
  assert.equal(task.error?.code, 'task_failed');
  assert.match(task.error?.message ?? '', /last edit did not work/);
  assert.equal(task.proposal, null);
});

test('three identical calls park the task with the reason; a change in between allows asking again', async () => {
  await using at = await openWorkbench(files);
  const same = scripted([read('src/limits.ts'), read('src/users.ts'), read('src/limits.ts'), read('src/limits.ts')]);
  const { task } = await at.run(same, wanted);
  assert.deepEqual([task.status, task.waits], ['paused', 'waits for your answer: how to go on']);
  assert.match(at.approvals.list({ limit: 1 })[0]?.text ?? '', /same call 3 times: read src\/limits.ts/);
  const changed = scripted([
    read('src/limits.ts'),
    read('src/limits.ts'),
    setTo5,
    read('src/limits.ts'),
    read('src/limits.ts'),
    finish('done', 'x'),
  ]);
  assert.equal((await at.run(changed, wanted)).task.status, 'done');
  assert.equal(changed.left(), 0);
});

test('more than 60 turns end the task', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted(
    Array.from({ length: 70 }, (_, n) => renderCall({ tool: 'search_text', path: '.', text: `word${n}` })),
  );
  const { task } = await at.run(engine, wanted);
  assert.equal(task.error?.code, 'loop');
  assert.equal(engine.heard.length, 60);
});

test('an answer that is no call is told so; the third in a row parks the task', async () => {
  await using at = await openWorkbench(files);
  const patient = scripted([
    'I will help.',
    '{"tool":"rm","path":"/"}',
    read('src/limits.ts'),
    'Hm.',
    setTo5,
    finish('done', 'x'),
  ]);
  assert.equal((await at.run(patient, wanted)).task.status, 'done');
  assert.match(patient.heard[1]?.turns.at(-1)?.text ?? '', /^error: no call found/);
  assert.equal(patient.heard[2]?.turns.at(-1)?.text, 'error: there is no tool named "rm"');
  const { task } = await at.run(scripted(['a', 'b', 'c', 'd']), wanted);
  assert.equal(task.status, 'paused');
  assert.match(at.approvals.list({ limit: 1 })[0]?.text ?? '', /could not be read: no call found/);
});

test('a hostile call is refused, and the task goes on', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([
    read('../../etc/passwd'),
    edit('/etc/cron.d/owned', ['', '* * * * * root sh']),
    edit('.git/hooks/pre-commit', ['', '#!/bin/sh']),
    setTo5,
    finish('done', 'x'),
  ]);
  const { task, events } = await at.run(engine, wanted);
  const results = events.flatMap((event) => (event.type === 'result' ? [event.data.ok] : []));
  assert.deepEqual(results, [false, false, false, true]);
  assert.deepEqual(
    at.proposals.show(task.id).files.map(({ path }) => path),
    ['src/limits.ts'],
  );
});

test('a file that does not fit is refused with its size', async () => {
  await using at = await openWorkbench({ 'big.ts': `${'x'.repeat(99)}\n`.repeat(400) });
  const engine = scripted([read('big.ts'), finish('failed', 'Too large.')]);
  await at.run(engine, wanted);
  assert.match(
    engine.heard[1]?.turns.at(-1)?.text ?? '',
    /^error: 300 lines of big.ts have 30023 characters, more than the \d+ that fit here/,
  );
});

test('what the person looks at is told below the instruction', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([finish('done', 'x'), finish('done', 'x')]);
  await at.run(engine, { instruction: 'Fix this', context: { path: 'src/users.ts', text: 'return id;' } });
  assert.equal(
    engine.heard[0]?.turns[0]?.text,
    'Fix this\n\nThe person is looking at src/users.ts, at this text:\nreturn id;',
  );
});

test('auto-accept: written before the end, with both events', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([setTo5, finish('done', 'Changed.')]);
  const { task, types } = await at.run(engine, { ...wanted, autoAccept: 'edits' });
  assert.equal(at.read('src/limits.ts'), LIMITS.replace('3', '5'));
  assert.equal(task.proposal, 'accepted');
  assert.equal(task.result, 'Changed.');
  assert.deepEqual(types.slice(-3), ['proposal', 'proposal', 'done']);
  assert.equal(at.proposals.undo(task.id).status, 'undone');
  assert.equal(at.read('src/limits.ts'), LIMITS);
});

test('auto-accept of a file that was saved meanwhile: the edits wait', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([setTo5, finish('done', 'Changed.')]);
  const { generate } = engine;
  const saving = {
    ...engine,
    generate: (generation: Parameters<typeof generate>[0]) => {
      if (generation.turns.length === 3) at.write('src/limits.ts', `// mine\n${LIMITS}`);
      return generate(generation);
    },
  };
  const { task } = await at.run(saving, { ...wanted, autoAccept: 'edits' });
  assert.equal(task.status, 'done');
  assert.equal(task.proposal, 'open');
  assert.match(task.result ?? '', /^Changed\.\nThe edits wait for you/);
  assert.equal(at.read('src/limits.ts'), `// mine\n${LIMITS}`);
});

test('an attempt that died after its edits were accepted is not worked again', async () => {
  for (const begun of ['accepting', 'accepted']) {
    await using at = await openWorkbench(files);
    const { id, number } = at.submit({ ...wanted, autoAccept: 'edits' });
    const claim = at.queue.claim('1:dead', 1000);
    assert.equal(claim?.task.id, id);
    // What the attempt's transaction writes; then its server dies, before or after the files are written.
    at.queue.write(id, claim?.fence ?? 0, () => {
      const after = LIMITS.replace('3', '5');
      at.proposals.put(at.queue.get(id), [{ path: 'src/limits.ts', before: LIMITS, after }], { accept: true });
    });
    if (begun === 'accepted') at.proposals.settle(id);
    assert.deepEqual(at.db.prepare('SELECT status FROM proposals WHERE task_id = ?').pluck().get(number), begun);
    assert.equal(
      at.queue.reap(() => false),
      1,
    );
    // The next scheduler takes it before the task that it is started with.
    const engine = scripted([finish('done', 'Another task.')]);
    await at.run(engine, { instruction: 'Something else' });
    const task = at.queue.get(id);
    assert.equal(task.status, 'done');
    assert.equal(task.result, 'Changed src/limits.ts.');
    assert.equal(task.proposal, 'accepted');
    assert.equal(engine.heard.length, 1, 'no turn was taken for it');
    assert.equal(at.read('src/limits.ts'), LIMITS.replace('3', '5'));
  }
});

test('a task that is cancelled ends at the next turn and leaves nothing', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([setTo5, finish('done', 'x')]);
  const { generate } = engine;
  const cancelling = {
    ...engine,
    generate: async (generation: Parameters<typeof generate>[0]) => {
      if (generation.turns.length === 3) at.queue.cancel(generation.conversation);
      return generate(generation);
    },
  };
  const { task, types } = await at.run(cancelling, wanted);
  assert.equal(task.status, 'cancelled');
  assert.equal(task.proposal, null);
  assert.ok(!types.includes('proposal'));
});
