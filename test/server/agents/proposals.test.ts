import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ProposalFile, Task } from '../../../protocol/index.ts';
import { createProposals } from '../../../server/agents/proposals.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { tempFolder } from '../../support/temp.ts';
import { KEY, openWorkbench, proposedBy, type Workbench } from './workbench.ts';

const files = {
  'src/a.ts': 'const A = 1;\n',
  'src/b.ts': 'const B = 1;\r\n',
  'c.txt': '\uFEFFno end',
  'old/e.ts': 'const E = 1;\r\n',
};
const edits: ProposalFile[] = [
  { path: 'c.txt', before: '\uFEFFno end', after: '\uFEFFstill no end' },
  { path: 'new/deep/d.ts', before: null, after: 'const D = 1;\n' },
  { path: 'old/e.ts', before: 'const E = 1;\r\n', after: null },
  { path: 'src/a.ts', before: 'const A = 1;\n', after: 'const A = 2;\n' },
  { path: 'src/b.ts', before: 'const B = 1;\r\n', after: 'const B = 2;\r\n' },
];

/** Every file below a folder with its bytes and mode. */
function snapshot(root: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile())
      all[path.slice(root.length + 1)] = `${statSync(path).mode.toString(8)} ${readFileSync(path, 'hex')}`;
    else all[path.slice(root.length + 1)] = 'folder';
  }
  return all;
}

function propose(at: Workbench, changes: readonly ProposalFile[] = edits): Task {
  const task = at.submit();
  at.queue.transact(() => at.proposals.put(task, changes));
  return task;
}
function assertWritten(at: Workbench): void {
  for (const { path, after } of edits)
    assert.equal(existsSync(join(at.root, path)) ? at.read(path) : null, after, path);
}
const statusEvents = (at: Workbench, { id }: Task) =>
  at.queue.events(id).flatMap((event) => (event.type === 'proposal' ? [event.data.status] : []));
const isCode =
  (code: string, message = /./) =>
  (error: unknown) =>
    error instanceof Error && 'code' in error && error.code === code && message.test(error.message);

test('accept writes every file, undo restores every byte', async () => {
  await using at = await openWorkbench(files);
  chmodSync(join(at.root, 'src/a.ts'), 0o750);
  const before = snapshot(at.root);
  const task = propose(at);
  assert.deepEqual(proposedBy(at, task.id), edits);
  assert.deepEqual(snapshot(at.root), before, 'nothing before it is accepted');
  assert.equal(at.proposals.accept(task.id).status, 'accepted');
  assertWritten(at);
  assert.equal(statSync(join(at.root, 'src/a.ts')).mode & 0o777, 0o750);
  assert.equal(at.queue.get(task.id).proposal, 'accepted');
  assert.equal(at.proposals.undo(task.id).status, 'undone');
  assert.deepEqual(snapshot(at.root), before, 'the new file and its folders are gone too');
  assert.deepEqual(statusEvents(at, task), ['accepted', 'undone']);
});

test('a moved file is told as one, and both of its names go back', async () => {
  await using at = await openWorkbench({ 'a/old.sh': 'echo 1\necho 2\n' });
  const before = snapshot(at.root);
  const task = propose(at, [
    { path: 'a/old.sh', before: 'echo 1\necho 2\n', after: null },
    { path: 'b/new.sh', before: null, after: 'echo 1\necho 3\n' },
  ]);
  assert.deepEqual(at.proposals.show(task.id).moves, [{ from: 'a/old.sh', to: 'b/new.sh' }]);
  at.proposals.accept(task.id);
  assert.deepEqual(Object.keys(snapshot(at.root)), ['b', 'b/new.sh']);
  assert.equal(at.read('b/new.sh'), 'echo 1\necho 3\n');
  at.proposals.undo(task.id);
  assert.deepEqual(snapshot(at.root), before);
});

test('each step once and in order', async () => {
  await using at = await openWorkbench(files);
  const task = propose(at);
  assert.throws(() => at.proposals.show('nobody'), isCode('not_found'));
  assert.throws(() => at.proposals.accept(at.submit().id), isCode('not_found', /proposed no edits/));
  assert.throws(() => at.proposals.undo(task.id), isCode('wrong_state', /these are open/));
  at.proposals.accept(task.id);
  assert.throws(() => at.proposals.accept(task.id), isCode('wrong_state', /these are accepted/));
  assert.throws(() => at.proposals.reject(task.id), isCode('wrong_state'));
  at.proposals.undo(task.id);
  assert.throws(() => at.proposals.undo(task.id), isCode('wrong_state', /these are undone/));
  const other = propose(at);
  assert.equal(at.proposals.reject(other.id).status, 'rejected');
  assert.throws(() => at.proposals.accept(other.id), isCode('wrong_state', /these are rejected/));
  assert.deepEqual(statusEvents(at, other), ['rejected']);
});

test('a conflict names the files and writes nothing', async () => {
  using elsewhere = tempFolder('elsewhere');
  const ways: [string, (at: Workbench) => void, RegExp][] = [
    ['changed', (at) => at.write('src/b.ts', 'mine\n'), /src\/b\.ts/],
    ['other line ends', (at) => at.write('src/b.ts', 'const B = 1;\n'), /src\/b\.ts/],
    ['gone', (at) => rmSync(join(at.root, 'src/a.ts')), /src\/a\.ts/],
    ['there meanwhile', (at) => at.write('new/deep/d.ts', 'mine\n'), /new\/deep\/d\.ts/],
    ['a folder now', (at) => mkdirSync(join(at.root, 'new/deep/d.ts'), { recursive: true }), /new\/deep\/d\.ts/],
    ['a file where a folder was to be', (at) => at.write('new', 'mine\n'), /new\/deep\/d\.ts/],
    [
      'a link out now',
      (at) => {
        rmSync(join(at.root, 'src/a.ts'));
        symlinkSync('/etc/hostname', join(at.root, 'src/a.ts'));
      },
      /src\/a\.ts/,
    ],
    ['a link to a folder out now', (at) => symlinkSync(elsewhere.path, join(at.root, 'new')), /new\/deep\/d\.ts/],
  ];
  for (const [what, change, names] of ways) {
    await using at = await openWorkbench(files);
    const task = propose(at);
    change(at);
    const before = snapshot(at.root);
    assert.throws(() => at.proposals.accept(task.id), isCode('conflict', names), what);
    assert.deepEqual(snapshot(at.root), before, what);
    assert.equal(at.proposals.show(task.id).status, 'open');
  }
});

test('the same edit made by hand is a conflict too, and stays', async () => {
  await using at = await openWorkbench(files);
  const task = propose(at);
  at.write('src/a.ts', 'const A = 2;\n');
  assert.throws(() => at.proposals.accept(task.id), isCode('conflict', /: src\/a\.ts\./));
  at.write('src/b.ts', 'mine\n');
  assert.throws(() => at.proposals.accept(task.id), isCode('conflict', /src\/a\.ts, src\/b\.ts/));
  assert.equal(at.read('src/a.ts'), 'const A = 2;\n');
});

test('undo of a file that was changed since is a conflict', async () => {
  await using at = await openWorkbench(files);
  const task = propose(at);
  at.proposals.accept(task.id);
  at.write('src/a.ts', 'const A = 3;\n');
  const before = snapshot(at.root);
  assert.throws(() => at.proposals.undo(task.id), isCode('conflict', /src\/a\.ts\. Nothing was written/));
  assert.deepEqual(snapshot(at.root), before);
  at.write('src/a.ts', 'const A = 2;\n');
  assert.equal(at.proposals.undo(task.id).status, 'undone');
});

test('two proposals for one file: the second is a conflict, and fits again after the first is undone', async () => {
  await using at = await openWorkbench(files);
  const [one, two] = [
    propose(at),
    propose(at, [{ path: 'src/a.ts', before: 'const A = 1;\n', after: 'const A = 9;\n' }]),
  ];
  at.proposals.accept(one.id);
  assert.throws(() => at.proposals.accept(two.id), isCode('conflict'));
  at.proposals.undo(one.id);
  at.proposals.accept(two.id);
  assert.equal(at.read('src/a.ts'), 'const A = 9;\n');
});

test('a disk that refuses the second file gets the first one back', async () => {
  await using at = await openWorkbench(files);
  const before = snapshot(at.root);
  const task = propose(at);
  let renames = 0;
  const { renameSync } = fs;
  mock.method(fs, 'renameSync', (from: string, to: string) => {
    if (++renames === 2) throw Object.assign(new Error('EROFS'), { code: 'EROFS', path: to });
    renameSync(from, to);
  });
  syncBuiltinESMExports();
  try {
    assert.throws(() => at.proposals.accept(task.id), isCode('storage_read_only', /new\/deep\/d\.ts/));
  } finally {
    mock.restoreAll();
    syncBuiltinESMExports();
  }
  assert.ok(renames > 2, 'the first one was put back');
  assert.deepEqual(snapshot(at.root), before, 'no file written beside, no new folder');
  assert.equal(at.proposals.show(task.id).status, 'open');
  assert.deepEqual(statusEvents(at, task), []);
  assert.equal(at.proposals.accept(task.id).status, 'accepted');
});

test('a read-only and a full disk are errors with a code, and all is as it was', {
  skip: process.platform !== 'linux',
}, () => {
  using folder = tempFolder('disk');
  const program = fileURLToPath(new URL('smallDisk.ts', import.meta.url));
  const script = 'mount -t tmpfs -o size=2m,mode=0700 none "$1" && exec "$2" "$3" "$1"';
  const rights = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];
  const disk = join(folder.path, 'disk');
  mkdirSync(disk);
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    [...rights, '--', 'sh', '-c', script, 'sh', disk, process.execPath, program],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), {
    readOnly: 'storage_read_only',
    unchanged: true,
    afterwards: 'accepted',
    full: 'storage_full',
    stillUnchanged: true,
  });
});

test('accepted days ago, in another process: undone after the database was opened again', async () => {
  await using at = await openWorkbench(files);
  const before = snapshot(at.root);
  const task = propose(at);
  at.proposals.accept(task.id);
  const db = await openDatabase({ file: at.db.name, key: KEY });
  try {
    const queue = createQueue({ db, now: Date.now, onChange: () => {} });
    const proposals = createProposals({ audit() {}, db, queue, root: at.root, now: Date.now });
    proposals.recover();
    assert.equal(proposals.undo(task.id).status, 'undone');
  } finally {
    db.close();
  }
  assert.deepEqual(snapshot(at.root), before);
});

/** Runs `accept` or `undo` in a process that kills itself at its nth rename or removal, or after the last. */
function die(at: Workbench, task: Task, verb: 'accept' | 'undo', deathAt: number): void {
  const program = fileURLToPath(new URL('dieInTheMiddle.ts', import.meta.url));
  const { signal, stdout, stderr } = spawnSync(
    process.execPath,
    [program, at.db.name, at.root, task.id, verb, String(deathAt)],
    { encoding: 'utf8' },
  );
  assert.equal(signal, 'SIGKILL', `it should have died: ${stdout}${stderr}`);
}

for (const [verb, begun, ended] of [
  ['accept', 'accepting', 'accepted'],
  ['undo', 'undoing', 'undone'],
] as const) {
  test(`a server killed in the middle of ${verb}: the next one finishes it`, { timeout: 120_000 }, async () => {
    for (let deathAt = 1; deathAt <= 6; deathAt++) {
      await using at = await openWorkbench(files);
      const start = snapshot(at.root);
      const task = propose(at);
      if (verb === 'undo') at.proposals.accept(task.id);
      die(at, task, verb, deathAt);
      assert.equal(at.db.prepare('SELECT status FROM proposals WHERE task_id = ?').pluck().get(task.number), begun);
      assert.equal(
        at.proposals.show(task.id).status,
        verb === 'accept' ? 'open' : 'accepted',
        'for clients it is what it was',
      );
      at.proposals.recover();
      assert.equal(at.proposals.show(task.id).status, ended, `death ${deathAt}`);
      assert.equal(statusEvents(at, task).at(-1), ended);
      if (verb === 'accept') {
        assertWritten(at);
        at.proposals.undo(task.id);
      }
      assert.deepEqual(snapshot(at.root), start, `death ${deathAt}: nothing is left behind`);
    }
  });

  test(`killed in the middle of ${verb}, then a file changed: theirs stays, ours goes back, and it is a conflict`, {
    timeout: 120_000,
  }, async () => {
    await using at = await openWorkbench(files);
    const task = propose(at);
    if (verb === 'undo') at.proposals.accept(task.id);
    const start = snapshot(at.root);
    die(at, task, verb, 3);
    at.write('src/b.ts', 'mine\n');
    at.proposals.recover();
    assert.equal(at.proposals.show(task.id).status, verb === 'accept' ? 'open' : 'accepted');
    assert.throws(() => at.proposals[verb](task.id), isCode('conflict', /src\/b\.ts/));
    const { 'src/b.ts': mine, ...rest } = snapshot(at.root);
    const { 'src/b.ts': _, ...others } = start;
    assert.ok(mine);
    assert.deepEqual(rest, others);
  });
}

test('what cannot be finished stays begun, says why, and is finished later', { timeout: 120_000 }, async () => {
  await using at = await openWorkbench(files);
  const task = propose(at);
  die(at, task, 'accept', 3);
  mock.method(fs, 'renameSync', (_: string, to: string) => {
    throw Object.assign(new Error('EROFS'), { code: 'EROFS', path: to });
  });
  syncBuiltinESMExports();
  try {
    at.proposals.recover();
    assert.throws(() => at.proposals.accept(task.id), isCode('storage_read_only'));
    assert.equal(at.proposals.show(task.id).status, 'open');
  } finally {
    mock.restoreAll();
    syncBuiltinESMExports();
  }
  assert.equal(at.proposals.accept(task.id).status, 'accepted');
  assert.deepEqual(statusEvents(at, task), ['accepted']);
  assertWritten(at);
});

test('twenty random rounds of accept and undo restore every byte', async () => {
  await using at = await openWorkbench({});
  let state = 20261123;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const text = (): string => {
    const end = pick(['\n', '\r\n']);
    const lines = Array.from({ length: random(6) }, () => pick(['const a = 1;', '\tx', '', 'größe 🦊', '  y  ']));
    return pick(['', '\uFEFF']) + lines.join(end) + pick(['', end]);
  };
  const paths = ['a.ts', 'b.ts', 'x/c.ts', 'x/y/d.ts', 'x/y/e.ts', 'z/f.ts'];
  for (const path of paths.slice(0, 4)) at.write(path, text());
  for (let round = 0; round < 20; round++) {
    const begin = snapshot(at.root);
    const done: Task[] = [];
    // Tasks come one after the other on the same files; they are taken back in the opposite order.
    for (let n = 1 + random(3); n > 0; n--) {
      const changes = paths
        .filter(() => random(2) === 0)
        .map((path) => ({
          path,
          before: existsSync(join(at.root, path)) ? at.read(path) : null,
          after: `${text()}${round}.${n}`,
        }));
      const task = propose(at, changes);
      at.proposals.accept(task.id);
      done.push(task);
    }
    const keep = random(4) === 0 ? done.shift() : undefined;
    const middle = keep && at.proposals.show(keep.id).status;
    for (const task of done.reverse()) at.proposals.undo(task.id);
    if (keep) {
      assert.equal(middle, 'accepted');
      at.proposals.undo(keep.id);
    }
    assert.deepEqual(snapshot(at.root), begin, `round ${round}`);
  }
});
