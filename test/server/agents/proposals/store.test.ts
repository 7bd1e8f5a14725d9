import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ProposalFile, Task } from '../../../../protocol/index.ts';
import { createContents } from '../../../../server/agents/proposals/contents.ts';
import { openWorkbench, type Workbench } from '../workbench.ts';

const A = '1\n2\n3\n4\n5\n';
const files = { 'a.ts': A, 'b.ts': 'b\r\n', 'old/c.ts': 'c' };
const first: ProposalFile[] = [
  { path: 'a.ts', before: A, after: A.replace('1', 'one').replace('3', 'three') },
  { path: 'b.ts', before: 'b\r\n', after: 'B\r\n' },
  { path: 'new/c.ts', before: null, after: 'c' },
  { path: 'old/c.ts', before: 'c', after: null },
];
const second: ProposalFile[] = [{ path: 'a.ts', before: A, after: A.replace('5', 'five') }];

function propose(at: Workbench, changes: readonly ProposalFile[]): Task {
  const task = at.submit();
  at.queue.transact(() => at.proposals.put(task, changes));
  return task;
}
const onDisk = (at: Workbench) =>
  ['a.ts', 'b.ts', 'new/c.ts', 'old/c.ts'].map((path) => (existsSync(join(at.root, path)) ? at.read(path) : null));

/** Runs a verb in a process that kills itself at its nth rename or removal, or after the last. */
function die(at: Workbench, { id }: Task, verb: string, deathAt: number): void {
  const program = fileURLToPath(new URL('../dieInTheMiddle.ts', import.meta.url));
  const args = [program, at.db.name, at.root, id, verb, String(deathAt)];
  const { signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(signal, 'SIGKILL', `it should have died: ${stdout}${stderr}`);
}

test('killed while a part is accepted: the next server accepts that part and no more', async () => {
  for (let deathAt = 1; deathAt <= 4; deathAt++) {
    await using at = await openWorkbench(files);
    const task = propose(at, first);
    die(at, task, 'acceptPart', deathAt);
    at.proposals.recover();
    assert.deepEqual(onDisk(at), [A.replace('1', 'one'), 'b\r\n', 'c', null], `death ${deathAt}`);
    const { status, files: left } = at.proposals.show(task.id);
    assert.equal(status, 'open');
    assert.deepEqual(
      left.filter(({ hunks }) => hunks.length > 0).map(({ path, hunks }) => [path, hunks.length]),
      [
        ['a.ts', 1],
        ['b.ts', 1],
      ],
    );
    at.proposals.undo(task.id);
    assert.deepEqual(onDisk(at), [A, 'b\r\n', null, 'c']);
  }
});

test('killed while a task is taken back from under another: the next server ends it, and the other goes back by itself', async () => {
  for (let deathAt = 1; deathAt <= 5; deathAt++) {
    await using at = await openWorkbench(files);
    const [one, two] = [propose(at, first), propose(at, second)];
    at.proposals.accept(one.id);
    at.proposals.accept(two.id, { merge: true });
    die(at, one, 'undo', deathAt);
    at.proposals.recover();
    assert.deepEqual(onDisk(at), [A.replace('5', 'five'), 'b\r\n', null, 'c'], `death ${deathAt}`);
    assert.equal(at.proposals.show(one.id).status, 'undone');
    at.proposals.undo(two.id);
    assert.deepEqual(onDisk(at), [A, 'b\r\n', null, 'c']);
  }
});

test('killed while taken back, and what came after was decided otherwise before the next server came: all goes back', async () => {
  await using at = await openWorkbench(files);
  const [one, two] = [propose(at, first), propose(at, second)];
  at.proposals.accept(one.id);
  at.proposals.accept(two.id, { merge: true });
  const before = onDisk(at);
  die(at, one, 'undo', 2);
  assert.notDeepEqual(onDisk(at), before);
  const other = createContents({ db: at.db }).keep(A.replace('1', 'ONE'));
  at.db.prepare('UPDATE written_edits SET after_hash = ? WHERE task_id = ?').run(other, two.number);
  at.proposals.recover();
  assert.equal(at.proposals.show(one.id).status, 'accepted');
  assert.deepEqual(onDisk(at), before);
});
