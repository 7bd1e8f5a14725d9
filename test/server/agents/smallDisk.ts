/** Accepts edits on a disk that is read-only, and on one that is full, and prints what came of it: run by `proposals.test.ts`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorkbench } from './workbench.ts';

const disk = process.argv[2] ?? '';
const root = join(disk, 'workspace');
await using at = await openWorkbench({});
const { createProposals } = await import('../../../server/agents/proposals.ts');
const proposals = createProposals({ audit() {}, db: at.db, queue: at.queue, root, now: Date.now });
mkdirSync(root);
writeFileSync(join(root, 'a.ts'), 'a1\n');
writeFileSync(join(root, 'b.ts'), 'b1\n');

const propose = (after: string): string => {
  const task = at.submit();
  proposals.put(task, [
    { path: 'a.ts', before: readFileSync(join(root, 'a.ts'), 'utf8'), after },
    { path: 'b.ts', before: readFileSync(join(root, 'b.ts'), 'utf8'), after },
  ]);
  return task.id;
};
const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? thrown.code : thrown;
  }
};
const texts = (): string => ['a.ts', 'b.ts'].map((path) => readFileSync(join(root, path), 'utf8')).join();

const first = propose('c1\n');
execFileSync('mount', ['-o', 'remount,ro', disk]);
const readOnly = codeOf(() => proposals.accept(first));
const unchanged = texts() === 'a1\n,b1\n';
execFileSync('mount', ['-o', 'remount,rw', disk]);
const afterwards = proposals.accept(first).status;
// The first new file fits beside the old ones, the second does not.
const second = propose('x'.repeat(900_000));
writeFileSync(join(disk, 'filler'), Buffer.alloc(700_000));
const full = codeOf(() => proposals.accept(second));
const stillUnchanged = texts() === 'c1\n,c1\n';
rmSync(join(disk, 'filler'));
console.log(JSON.stringify({ readOnly, unchanged, afterwards, full, stillUnchanged }));
