import assert from 'node:assert/strict';
import { chmodSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ProposalFile, Task } from '../../../../protocol/index.ts';
import { openWorkbench, type Workbench } from '../workbench.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
const A = lines('1', '2', '3', '4', '5', '6', '7');
const edited = A.replace('2', 'two').replace('4', 'four').replace('6', 'six');

function propose(at: Workbench, files: readonly ProposalFile[]): Task {
  const task = at.submit();
  at.queue.transact(() => at.proposals.put(task, files));
  return task;
}
const onA = (after: string | null, before: string = A): ProposalFile => ({ path: 'a.ts', before, after });
const fileOf = (at: Workbench, { id }: Task, path = 'a.ts') => {
  const file = at.proposals.show(id).files.find((one) => one.path === path);
  assert.ok(file);
  return file;
};
const hunkIds = (at: Workbench, task: Task) => fileOf(at, task).hunks.map(({ id }) => id);
const states = (at: Workbench, task: Task) =>
  at.proposals.show(task.id).files.map(({ path, written, hunks, fit }) => [path, written, hunks.length, fit]);
const told = (at: Workbench, { id }: Task) =>
  at.queue.events(id).flatMap(({ type, data }) => {
    if (type === 'proposal') return [`proposal ${data.status}`];
    return type === 'reviewed' ? [`reviewed ${data.did} ${data.files.map(({ added }) => added)}`] : [];
  });
const isCode =
  (code: string, message = /./) =>
  (error: unknown) =>
    error instanceof Error && 'code' in error && error.code === code && message.test(error.message);

test('one hunk is accepted, another rejected, the third later; undo goes back by what was accepted', async () => {
  await using at = await openWorkbench({ 'a.ts': A });
  const task = propose(at, [onA(edited)]);
  const [two = '', four = '', six = ''] = hunkIds(at, task);
  at.proposals.accept(task.id, { files: [{ path: 'a.ts', hunks: [two] }] });
  assert.equal(at.read('a.ts'), A.replace('2', 'two'));
  assert.deepEqual([hunkIds(at, task), states(at, task)], [[four, six], [['a.ts', 'some', 2, 'exact']]]);
  assert.equal(at.queue.get(task.id).proposal, 'open');
  at.proposals.reject(task.id, [{ path: 'a.ts', hunks: [four] }]);
  assert.deepEqual([hunkIds(at, task), fileOf(at, task).after], [[six], edited.replace('four', '4')]);
  assert.throws(() => at.proposals.accept(task.id, { files: [{ path: 'a.ts', hunks: [four] }] }), isCode('conflict'));
  at.proposals.accept(task.id);
  assert.equal(at.read('a.ts'), edited.replace('four', '4'));
  assert.deepEqual(states(at, task), [['a.ts', 'all', 0, 'exact']]);
  assert.deepEqual([fileOf(at, task).before, fileOf(at, task).after], [A, edited.replace('four', '4')]);
  at.proposals.undo(task.id);
  assert.equal(at.read('a.ts'), A);
  assert.deepEqual(told(at, task), [
    ...['reviewed accepted 1', 'reviewed rejected 1', 'proposal accepted', 'proposal undone'],
  ]);
});

test('an accepted part is taken back alone; all of it is left to decide again', async () => {
  await using at = await openWorkbench({ 'a.ts': A });
  const task = propose(at, [onA(edited)]);
  const ids = hunkIds(at, task);
  at.proposals.accept(task.id, { files: [{ path: 'a.ts', hunks: ids.slice(1, 2) }] });
  assert.equal(at.proposals.undo(task.id).status, 'open');
  assert.deepEqual([at.read('a.ts'), hunkIds(at, task)], [A, ids]);
  assert.throws(() => at.proposals.undo(task.id), isCode('wrong_state', /these are open/));
});

test('files one by one: what is rejected is gone, the last decision ends it', async () => {
  await using at = await openWorkbench({ 'a.ts': A, 'b.ts': 'b\n' });
  const files = [onA(edited), { path: 'b.ts', before: 'b\n', after: null }, { path: 'c.ts', before: null, after: 'c' }];
  const task = propose(at, files);
  at.proposals.reject(task.id, [{ path: 'a.ts' }]);
  assert.deepEqual(states(at, task), [
    ['b.ts', 'none', 1, 'exact'],
    ['c.ts', 'none', 1, 'exact'],
  ]);
  at.proposals.accept(task.id, { files: [{ path: 'b.ts' }] });
  assert.deepEqual([existsSync(join(at.root, 'b.ts')), existsSync(join(at.root, 'c.ts'))], [false, false]);
  assert.throws(() => at.proposals.accept(task.id, { files: [{ path: 'a.ts' }] }), isCode('not_found'));
  assert.throws(() => at.proposals.accept(task.id, { files: [{ path: 'b.ts' }] }), isCode('not_found'));
  assert.equal(at.proposals.reject(task.id).status, 'accepted');
  assert.deepEqual(told(at, task), [
    ...['reviewed rejected 3', 'reviewed accepted 0', 'reviewed rejected 1', 'proposal accepted'],
  ]);
  const other = propose(at, [onA(edited)]);
  assert.equal(at.proposals.reject(other.id, [{ path: 'a.ts', hunks: hunkIds(at, other) }]).status, 'rejected');
  assert.deepEqual([fileOf(at, other).before, fileOf(at, other).after], [A, edited]);
});

test('a moved file is decided on as one, and stays a program', async () => {
  await using at = await openWorkbench({ 'run.sh': 'echo\n' });
  chmodSync(join(at.root, 'run.sh'), 0o755);
  const task = propose(at, [
    { path: 'bin/run.sh', before: null, after: 'echo\n' },
    { path: 'run.sh', before: 'echo\n', after: null },
  ]);
  at.proposals.accept(task.id, { files: [{ path: 'run.sh' }] });
  assert.equal(statSync(join(at.root, 'bin/run.sh')).mode & 0o777, 0o755);
  assert.equal(existsSync(join(at.root, 'run.sh')), false);
  at.proposals.undo(task.id);
  assert.equal(statSync(join(at.root, 'run.sh')).mode & 0o777, 0o755);
  assert.equal(existsSync(join(at.root, 'bin')), false);
});

test('parallel tasks on one file: the second is merged with the first, and each goes back alone', async () => {
  await using at = await openWorkbench({ 'a.ts': A });
  const [one, two] = [propose(at, [onA(A.replace('2', 'two'))]), propose(at, [onA(A.replace('6', 'six'))])];
  at.proposals.accept(one.id);
  assert.deepEqual(states(at, two), [['a.ts', 'none', 1, 'merge']]);
  assert.throws(
    () => at.proposals.accept(two.id),
    isCode('conflict', /Changed meanwhile: a\.ts\. Nothing was written/),
  );
  at.proposals.accept(two.id, { merge: true });
  assert.equal(at.read('a.ts'), A.replace('2', 'two').replace('6', 'six'));
  at.proposals.undo(one.id);
  assert.equal(at.read('a.ts'), A.replace('6', 'six'));
  // What was undone is accepted again, on what is there now.
  at.proposals.accept(one.id);
  at.proposals.undo(two.id);
  assert.equal(at.read('a.ts'), A.replace('2', 'two'));
  at.proposals.undo(one.id);
  assert.equal(at.read('a.ts'), A);
});

test('a merge is offered first: the proposal is then of what is there now', async () => {
  await using at = await openWorkbench({ 'a.ts': A, 'b.ts': 'b\n' });
  const task = propose(at, [onA(edited), { path: 'b.ts', before: 'b\n', after: 'task\n' }]);
  const mine = `0\n${A}`;
  at.write('a.ts', mine);
  at.write('b.ts', 'person\n');
  assert.deepEqual(states(at, task), [
    ['a.ts', 'none', 3, 'merge'],
    ['b.ts', 'none', 1, 'conflict'],
  ]);
  const { conflicts } = at.proposals.merge(task.id);
  assert.deepEqual([conflicts, at.read('a.ts'), at.read('b.ts')], [['b.ts'], mine, 'person\n']);
  assert.deepEqual([fileOf(at, task).before, fileOf(at, task).after], [mine, `0\n${edited}`]);
  assert.throws(
    () => at.proposals.accept(task.id, { merge: true }),
    isCode('conflict', /: b\.ts \(in the same lines\)\./),
  );
  assert.equal(at.read('a.ts'), mine, 'all or none');
  at.proposals.accept(task.id, { files: [{ path: 'a.ts' }] });
  assert.equal(at.read('a.ts'), `0\n${edited}`);
});

test('a conflict shows both sides; what the person makes of it is the proposal, unless the file changed again', async () => {
  await using at = await openWorkbench({ 'b.ts': 'b\n' });
  const task = propose(at, [{ path: 'b.ts', before: 'b\n', after: 'task\n' }]);
  at.write('b.ts', 'person\n');
  const name = `task ${task.number}`;
  assert.deepEqual(at.proposals.conflicts(task.id), [
    {
      ...{ path: 'b.ts', reason: 'the same lines were changed meanwhile' },
      ...{ base: 'b\n', ours: 'person\n', theirs: 'task\n' },
      marked: `<<<<<<< on disk\nperson\n=======\ntask\n>>>>>>> ${name}\n`,
    },
  ]);
  const resolved = [{ path: 'b.ts', over: 'person\n', text: 'both\n' }];
  at.write('b.ts', 'person again\n');
  assert.deepEqual(at.proposals.merge(task.id, { resolved }).conflicts, ['b.ts']);
  at.write('b.ts', 'person\n');
  assert.deepEqual(at.proposals.merge(task.id, { resolved }).conflicts, []);
  assert.deepEqual(at.proposals.conflicts(task.id), []);
  assert.equal(at.read('b.ts'), 'person\n', 'nothing is written before it is accepted');
  at.proposals.accept(task.id);
  assert.equal(at.read('b.ts'), 'both\n');
  at.proposals.undo(task.id);
  assert.equal(at.read('b.ts'), 'person\n');
});

test('markers are written only where they were asked for', async () => {
  await using at = await openWorkbench({ 'b.ts': 'b\n' });
  const task = propose(at, [{ path: 'b.ts', before: 'b\n', after: 'task\n' }]);
  at.write('b.ts', 'person\n');
  assert.deepEqual(at.proposals.merge(task.id, { markers: true }).conflicts, []);
  at.proposals.accept(task.id);
  assert.match(at.read('b.ts'), /^<<<<<<< on disk\nperson\n=======\ntask\n>>>>>>> task \d+\n$/);
});

test('what the person has done already is not written, and not taken back', async () => {
  await using at = await openWorkbench({ 'a.ts': A });
  const task = propose(at, [onA(edited)]);
  at.write('a.ts', edited);
  assert.equal(at.proposals.merge(task.id).proposal.status, 'accepted');
  at.proposals.undo(task.id);
  assert.equal(at.read('a.ts'), edited);
});

test('undo after other tasks: who changed the same lines later is named, and nothing is written', async () => {
  await using at = await openWorkbench({ 'a.ts': A });
  const one = propose(at, [onA(A.replace('2', 'two'))]);
  at.proposals.accept(one.id);
  const two = propose(at, [onA(A.replace('2', 'TWO'), A.replace('2', 'two'))]);
  at.proposals.accept(two.id);
  const before = at.read('a.ts');
  const why = new RegExp(`a\\.ts \\(task ${two.number} changed the same lines later\\)\\. Nothing was written`);
  assert.throws(() => at.proposals.undo(one.id), isCode('conflict', why));
  assert.equal(at.read('a.ts'), before);
  assert.deepEqual(
    at.proposals.conflicts(one.id).map(({ path, reason, ours, theirs }) => [path, reason, ours, theirs]),
    [['a.ts', `task ${two.number} changed the same lines later`, before, A]],
  );
  at.proposals.undo(two.id);
  at.proposals.undo(one.id);
  assert.equal(at.read('a.ts'), A);
});

test('a task that took back what another did is no longer a change when that one is undone', async () => {
  await using at = await openWorkbench({ 'a.ts': A });
  const one = propose(at, [onA(A.replace('2', 'two'))]);
  at.proposals.accept(one.id);
  const two = propose(at, [onA(A, A.replace('2', 'two'))]);
  at.proposals.accept(two.id);
  at.proposals.undo(one.id);
  at.proposals.undo(two.id);
  assert.equal(at.read('a.ts'), A);
});

test('undo keeps what the person typed elsewhere in the file since', async () => {
  await using at = await openWorkbench({ 'a.ts': A });
  const task = propose(at, [onA(A.replace('2', 'two'))]);
  at.proposals.accept(task.id);
  at.write('a.ts', `${at.read('a.ts')}8`);
  at.proposals.undo(task.id);
  assert.equal(at.read('a.ts'), `${A}8`);
});

test('a binary or a folder in the place of a file is a conflict that has no texts', async () => {
  await using at = await openWorkbench({ 'a.ts': A });
  const task = propose(at, [onA(edited)]);
  writeFileSync(join(at.root, 'a.ts'), Buffer.from([0, 1, 2]));
  assert.deepEqual(states(at, task), [['a.ts', 'none', 3, 'conflict']]);
  assert.throws(() => at.proposals.accept(task.id, { merge: true }), isCode('conflict'));
  assert.deepEqual(
    at.proposals.conflicts(task.id).map(({ reason, marked }) => [reason, marked]),
    [['it is no text file any more', null]],
  );
  rmSync(join(at.root, 'a.ts'));
  assert.deepEqual(at.proposals.merge(task.id).conflicts, ['a.ts'], 'deleted here, changed there');
});
