import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandRequest } from '../../../server/commands/command.ts';
import { runInCopy } from '../../../server/commands/copied.ts';
import { tempFolder } from '../../support/temp.ts';

// What macOS has for a view, with a shell in the place of its sandbox.
function bench() {
  const folder = tempFolder('copied');
  const base = realpathSync(folder.path);
  const root = join(base, 'ws');
  const temporary = join(base, 'tmp');
  for (const path of [root, temporary, join(base, 'outside')]) mkdirSync(path);
  let writable: readonly string[] = [];
  const run = (command: string, edits: CommandRequest['edits'] = new Map(), signal = new AbortController().signal) =>
    runInCopy(
      {
        root,
        temporary,
        platform: process.platform,
        now: Date.now,
        env: { PATH: process.env.PATH },
        confine(line, folders) {
          writable = folders;
          return { file: '/bin/sh', args: ['-c', line] };
        },
      },
      { command, edits, ignored: () => false, timeoutMs: 5000, maxOutput: 1000, signal },
    );
  return { base, root, temporary, run, writable: () => writable, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

test('a command works in a copy with the task’s edits, and what it changed comes back', async () => {
  using at = bench();
  for (const [path, text] of Object.entries({ 'a.txt': 'one\n', 'b.txt': 'two\n', 'c.txt': 'three\n' }))
    writeFileSync(join(at.root, path), text);
  execFileSync('mkfifo', [join(at.root, 'pipe')]);
  const edits = new Map([
    ['b.txt', 'edited\n'],
    ['new/d.txt', 'made\n'],
    ['c.txt', null],
  ]);
  const end = await at.run('ls; cat b.txt new/d.txt; echo x >> a.txt; rm new/d.txt; echo y > e.txt; exit 3', edits);
  assert.equal(end.output, 'a.txt\nb.txt\nnew\nedited\nmade\n');
  assert.equal(end.code, 3);
  assert.deepEqual(end.changes, [
    { path: 'a.txt', text: 'one\nx\n' },
    { path: 'e.txt', text: 'y\n' },
    { path: 'new/d.txt', text: null },
  ]);
  assert.equal(readFileSync(join(at.root, 'a.txt'), 'utf8'), 'one\n');
  assert.deepEqual(readdirSync(at.temporary), []);
  assert.ok(at.writable().every((path) => path.startsWith(at.temporary)));
});

test('an edit does not follow a link out of the copy', async () => {
  using at = bench();
  symlinkSync(join(at.base, 'outside'), join(at.root, 'sub'));
  symlinkSync(join(at.base, 'outside/there.txt'), join(at.root, 'file.txt'));
  writeFileSync(join(at.base, 'outside/there.txt'), 'theirs\n');
  const edits = new Map([
    ['sub/a.txt', 'mine\n'],
    ['file.txt', 'mine\n'],
  ]);
  assert.equal((await at.run('cat sub/a.txt file.txt', edits)).output, 'mine\nmine\n');
  assert.deepEqual(readdirSync(join(at.base, 'outside')), ['there.txt']);
  assert.equal(readFileSync(join(at.base, 'outside/there.txt'), 'utf8'), 'theirs\n');
});

test('a task that is cancelled leaves no copy behind', async () => {
  using at = bench();
  await assert.rejects(at.run('sleep 20', new Map(), AbortSignal.timeout(100)), { name: 'TimeoutError' });
  assert.deepEqual(readdirSync(at.temporary), []);
});
