import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Selection, Task } from '../../../../protocol/index.ts';
import { createOverlay } from '../../../../server/agents/overlay.ts';
import { openWorkbench, type Workbench } from '../workbench.ts';

const PATHS = ['a.ts', 'src/b.ts', 'src/deep/c.ts', 'new/d.ts'] as const;

const line = fc.oneof(
  fc.constantFrom('a', '', '}', 'größe 🦊', '\tconst a = 1;'),
  fc.nat({ max: 99 }).map((n) => `line ${n}`),
);
const text = fc
  .record({
    mark: fc.constantFrom('', '', '\uFEFF'),
    end: fc.constantFrom('\n', '\n', '\r\n'),
    lines: fc.array(line, { minLength: 12, maxLength: 40 }),
    last: fc.constantFrom('', 'end'),
  })
  .map(({ mark, end, lines, last }) => mark + lines.map((one) => one + end).join('') + last);

/** What a task does to a file; positions are parts of its length, so that they fit every text. */
const change = fc.record({
  path: fc.constantFrom(...PATHS),
  does: fc.constantFrom('edit', 'edit', 'edit', 'edit', 'edit', 'edit', 'write', 'remove', 'move'),
  to: fc.constantFrom(...PATHS),
  text,
  splices: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      drop: fc.nat({ max: 2 }),
      put: fc.array(line, { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 1 },
  ),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

const round = fc.record({
  files: fc.dictionary(fc.constantFrom(...PATHS), text, { minKeys: 3 }),
  tasks: fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 6 }),
  /** Which task is next to do something, and what. */
  steps: fc.array(
    fc.record({ task: fc.nat(), does: fc.constantFrom('accept', 'accept', 'part', 'undo'), pick: fc.nat() }),
    { minLength: 12, maxLength: 24 },
  ),
  order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
});

/** Every file with its bytes and its permissions. */
function snapshot(root: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile())
      all[path.slice(root.length + 1)] = `${statSync(path).mode.toString(8)} ${readFileSync(path, 'hex')}`;
  }
  return all;
}

function propose(at: Workbench, changes: readonly Change[]): Task {
  const overlay = createOverlay(at.root);
  const read = (path: string) => overlay.read(overlay.find(path));
  for (const { path, does, to, text: fresh, splices } of changes) {
    const there = read(path);
    if (there === null || does === 'write') overlay.write(overlay.find(path), fresh);
    else if (does === 'remove') overlay.remove(overlay.find(path));
    else if (does === 'move' && read(to) === null) {
      overlay.write(overlay.find(to), there);
      overlay.remove(overlay.find(path));
    } else {
      const lines = there.match(/[^\n]*\n|[^\n]+/g) ?? [];
      for (const { at: part, drop, put } of splices) {
        const end = there.includes('\r\n') ? '\r\n' : '\n';
        lines.splice(Math.floor(part * lines.length), drop, ...put.map((one) => one + end));
      }
      overlay.write(overlay.find(path), lines.join(''));
    }
  }
  const task = at.submit();
  at.queue.transact(() => at.proposals.put(task, overlay.changes()));
  return task;
}

const isConflict = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'conflict';

/** Says whether it was done; what is in conflict must have left everything as it was. */
function tried(at: Workbench, run: () => void): boolean {
  const before = snapshot(at.root);
  try {
    run();
    return true;
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
    assert.deepEqual(snapshot(at.root), before, 'a conflict wrote something');
    return false;
  }
}

test('whatever was accepted in whatever order: undone in any other, every byte is back', {
  timeout: 120_000,
}, async () => {
  await using at = await openWorkbench({});
  const seen = { undone: 0, stuck: 0, merged: 0, again: 0, parts: 0 };
  const { proposals } = at;

  const partOf = (id: string, pick: number): Selection => {
    const left = proposals.show(id).files.filter(({ hunks }) => hunks.length > 0);
    const files = left.filter((_, index) => (pick >> index) % 2 === 0);
    const chosen = files.length === 0 ? left.slice(0, 1) : files;
    return chosen.map(({ path, hunks }) => {
      const some = hunks.filter((_, index) => (pick >> (index + 3)) % 2 === 0).map(({ id: hunk }) => hunk);
      return some.length === 0 ? { path } : { path, hunks: some };
    });
  };

  fc.assert(
    fc.property(round, ({ files, tasks: plans, steps, order }) => {
      rmSync(at.root, { recursive: true, force: true });
      mkdirSync(at.root);
      for (const [path, content] of Object.entries(files)) at.write(path, content);
      for (const path of ['a.ts', 'src/b.ts']) if (path in files) chmodSync(join(at.root, path), 0o750);
      const start = snapshot(at.root);
      const tasks: Task[] = [];
      // Some begin at one moment, and so know nothing of each other; the others when their turn comes.
      const [together, next] = [plans.slice(0, 3), plans.slice(3)];
      for (const plan of together) tasks.push(propose(at, plan));
      const statusOf = ({ id }: Task) => proposals.show(id);
      for (const { task: index, does, pick } of steps) {
        const plan = index % 2 === 0 ? next.shift() : undefined;
        if (plan) tasks.push(propose(at, plan));
        const task = tasks[index % Math.max(1, tasks.length)];
        if (task === undefined) continue;
        const { status, files: now } = statusOf(task);
        const merging = now.some(({ fit }) => fit === 'merge');
        if (does === 'undo') {
          if (status === 'accepted' && tried(at, () => proposals.undo(task.id))) seen.undone++;
        } else if (status === 'open' || status === 'undone') {
          const part = does === 'part' && now.some(({ hunks }) => hunks.length > 0) ? partOf(task.id, pick) : undefined;
          if (!tried(at, () => proposals.accept(task.id, { merge: true, files: part }))) continue;
          if (status === 'undone') seen.again++;
          if (merging) seen.merged++;
          if (part !== undefined) seen.parts++;
        }
      }
      const written = () =>
        tasks.filter((task) => at.db.prepare('SELECT 1 FROM written_edits WHERE task_id = ?').get(task.number));
      for (let turn = 0; written().length > 0; turn++) {
        const left = written();
        const first = (order[turn % order.length] ?? 0) % left.length;
        const tries = [...left.slice(first), ...left.slice(0, first)];
        const done = tries.find((task) => tried(at, () => proposals.undo(task.id)) || seen.stuck++ < 0);
        assert.ok(done, 'there is always one that can be taken back');
        seen.undone++;
      }
      assert.deepEqual(snapshot(at.root), start);
    }),
    { seed: 20261123, numRuns: 25 },
  );
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 3, `the rounds never came to this: ${what}`);
  proposals.recover();
});
