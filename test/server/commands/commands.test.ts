import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ignoreTest } from '../../../server/agents/files.ts';
import type { CommandEnd, CommandRequest } from '../../../server/commands/command.ts';
import { type Commands, type CommandsOptions, createCommands } from '../../../server/commands/commands.ts';
import { installBubblewrap } from '../../support/installPackages.ts';
import { tempFolder } from '../../support/temp.ts';
import { eventually } from '../../support/vscode/eventually.ts';

const LIMITS = { memory: 500e6, scratch: 50e6, processes: 200 };

interface Bench extends Disposable {
  root: string;
  commands: Commands;
  run(command: string, more?: Partial<CommandRequest>): Promise<CommandEnd>;
}

function bench(files: Record<string, string | Buffer> = {}, options: Partial<CommandsOptions> = {}): Bench {
  const folder = tempFolder('commands');
  const root = join(realpathSync(folder.path), 'ws');
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const commands = createCommands({
    root,
    hidden: [],
    timeoutMs: 10_000,
    limits: LIMITS,
    readable: [],
    shell: 'powershell',
    env: { PATH: process.env.PATH, HOME: join(folder.path, 'home') },
    now: Date.now,
    ...options,
  });
  return {
    root,
    commands,
    run: (command, more) =>
      commands.run({
        command,
        edits: new Map(),
        ignored: ignoreTest(root),
        timeoutMs: 10_000,
        maxOutput: 10_000,
        signal: new AbortController().signal,
        ...more,
      }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** Processes whose command line holds a text; the one that asks does not count. */
const running = (text: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });

const allGone = (text: string): Promise<void> =>
  eventually('the command did not end', async () => assert.deepEqual(running(text), []), 20_000);

describe('in bubblewrap', { skip: process.platform !== 'linux' && 'bubblewrap is of Linux' }, () => {
  before(installBubblewrap);

  test('it is found out by running a command', async () => {
    using at = bench();
    const { kind, reason } = await at.commands.sandbox();
    assert.equal(kind, 'bubblewrap', reason);
    assert.equal(at.commands.sandbox(), at.commands.sandbox());
    assert.deepEqual(readdirSync(at.root), []);
  });

  test('a program that is there and does not work is no sandbox', async () => {
    using folder = tempFolder('no-bwrap');
    writeFileSync(join(folder.path, 'bwrap'), '#!/bin/sh\nexit 1\n');
    chmodSync(join(folder.path, 'bwrap'), 0o755);
    using broken = bench({}, { env: { PATH: folder.path } });
    assert.equal((await broken.commands.sandbox()).kind, 'none');
    using missing = bench({}, { env: { PATH: '/nowhere' } });
    assert.deepEqual(await missing.commands.sandbox(), {
      kind: 'none',
      reason: 'There is no sandbox for commands: bubblewrap is not installed.',
    });
  });

  test('a program of the workspace is never taken for it', async () => {
    using at = bench({ bwrap: '#!/bin/sh\nexit 7\n' });
    chmodSync(join(at.root, 'bwrap'), 0o755);
    const commands = createCommands({ ...optionsOf(at.root), env: { PATH: at.root } });
    assert.match((await commands.sandbox()).reason, /not installed/);
  });

  test('a command sees the task’s edits, and what it changes comes back instead of reaching the disk', async () => {
    using at = bench({ 'a.txt': 'one\n', 'src/b.txt': 'two\n', 'gone.txt': 'x\n', 'run.sh': 'echo $1\n' });
    chmodSync(join(at.root, 'run.sh'), 0o755);
    const edits = new Map([
      ['src/b.txt', 'edited\n'],
      ['new/deep.txt', 'made\n'],
      ['gone.txt', null],
      ['run.sh', '#!/bin/sh\necho started\n'],
    ]);
    const end = await at.run(
      'ls; cat src/b.txt new/deep.txt; ./run.sh; echo more >> src/b.txt; rm new/deep.txt a.txt; echo c > c.txt',
      {
        edits,
      },
    );
    assert.equal(end.output, 'a.txt\nnew\nrun.sh\nsrc\nedited\nmade\nstarted\n');
    assert.deepEqual(end.changes, [
      { path: 'a.txt', text: null },
      { path: 'c.txt', text: 'c\n' },
      { path: 'new/deep.txt', text: null },
      { path: 'src/b.txt', text: 'edited\nmore\n' },
    ]);
    assert.deepEqual(
      { ending: end.ending, code: end.code, left: end.left, complete: end.complete },
      { ending: 'itself', code: 0, left: [], complete: true },
    );
    assert.deepEqual(readdirSync(at.root, { recursive: true }).sort(), [
      'a.txt',
      'gone.txt',
      'run.sh',
      'src',
      'src/b.txt',
    ]);
    assert.equal(readFileSync(join(at.root, 'src/b.txt'), 'utf8'), 'two\n');
  });

  test('a file that is only touched, or written as it was, is no change', async () => {
    using at = bench({ 'a.txt': 'one\n', 'b.txt': 'two\n' });
    const end = await at.run('touch a.txt; chmod 600 a.txt; printf "edit" > b.txt', {
      edits: new Map([['b.txt', 'edit']]),
    });
    assert.deepEqual(end.changes, []);
  });

  test('ignored files, links, binaries and what is too large stay behind; the last three are named', async () => {
    using at = bench({ '.gitignore': 'dist/\n*.log\n', 'a.txt': 'one\n', 'image.png': Buffer.of(0, 1, 2) });
    const end = await at.run(
      'mkdir -p dist node_modules/x .git; echo x | tee dist/x node_modules/x/y a.log .git/config; ln -s a.txt link; mkfifo pipe;' +
        'printf "a\\0b" > bin; printf "\\377" > latin; head -c 2000000 /dev/zero | tr "\\0" a > big; rm image.png',
    );
    assert.deepEqual(end.changes, [{ path: 'image.png', text: null }]);
    assert.deepEqual(end.left, [
      { path: 'big', why: 'it is too large' },
      { path: 'bin', why: 'it is binary' },
      { path: 'latin', why: 'it is not UTF-8' },
      { path: 'link', why: 'it is not a regular file' },
      { path: 'pipe', why: 'it is not a regular file' },
    ]);
  });

  test('folders that are removed, made anew or put in the place of files are compared file by file', async () => {
    using at = bench({ 'd/a.txt': 'a\n', 'd/e/b.txt': 'b\n', 'r/c.txt': 'c\n', 'r/d.txt': 'd\n', f: 'file\n' });
    const end = await at.run('rm -r d; rm -r r; mkdir r; echo new > r/c.txt; rm f; mkdir f; echo x > f/x.txt', {
      edits: new Map([['d/made.txt', 'of the task']]),
    });
    assert.deepEqual(end.changes, [
      { path: 'd/a.txt', text: null },
      { path: 'd/e/b.txt', text: null },
      { path: 'd/made.txt', text: null },
      { path: 'f', text: null },
      { path: 'f/x.txt', text: 'x\n' },
      { path: 'r/c.txt', text: 'new\n' },
      { path: 'r/d.txt', text: null },
    ]);
  });

  test('the repository can be read and not changed', async () => {
    using at = bench({ '.git/config': 'here\n', '.git/hooks/x': '' });
    const end = await at.run(
      'cat .git/config; echo x > .git/config; rm -r .git/hooks; mv .git away; touch .git/new; ls .git',
    );
    assert.match(end.output, /^here\n/);
    assert.match(end.output, /config\nhooks\n$/);
    assert.equal(end.output.match(/Read-only|busy/g)?.length, 4);
    assert.deepEqual(end.left, []);
  });

  test('more files than come back are said to be more', async () => {
    using at = bench();
    const end = await at.run('for i in $(seq 1 300); do echo $i > f$i.txt; done');
    assert.equal(end.changes.length, 200);
    assert.deepEqual(end.left[0], { path: 'f28.txt', why: 'too much was changed' });
    assert.equal(end.left.length, 50);
    assert.equal(end.complete, false);
  });

  test('what somebody saves while the command runs stays theirs', async () => {
    using at = bench({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
    let saved = false;
    const end = await at.run(
      'echo begun; while ! grep -q saved a.txt; do sleep 0.02; done; echo x >> b.txt; echo formatted > a.txt',
      {
        onText: () => {
          if (saved) return;
          saved = true;
          writeFileSync(join(at.root, 'a.txt'), 'saved by the person\n');
        },
      },
    );
    assert.deepEqual(end.changes, [{ path: 'b.txt', text: 'b\nx\n' }]);
    assert.deepEqual(end.left, [{ path: 'a.txt', why: 'it changed on disk meanwhile' }]);
  });

  test('both streams come in their order, while the command runs', async () => {
    using at = bench();
    const told: string[] = [];
    const end = await at.run('for i in 1 2 3; do echo out $i; echo err $i >&2; done; echo x > /dev/stdout; exit 3', {
      onText: (text) => told.push(text),
    });
    assert.equal(end.output, 'out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\nx\n');
    assert.equal(told.join(''), end.output);
    assert.equal(end.code, 3);
  });

  test('a program that a signal ended says which', async () => {
    using at = bench();
    assert.equal((await at.run('kill -SEGV $$')).code, 139);
  });

  test('it has an address of its own to test servers with', async () => {
    using at = bench();
    const script =
      'use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die "$!";' +
      'IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $s->sockport) or die "$!"; print "met\\n"';
    assert.equal((await at.run(`perl -e '${script}'`)).output, 'met\n');
  });

  for (const [why, end] of [
    ['its time is over', (at: Bench, command: string) => at.run(command, { timeoutMs: 300 })],
    [
      'its task is cancelled',
      (at: Bench, command: string) => {
        const abort = new AbortController();
        const done = at.run(command, { signal: abort.signal, onText: () => abort.abort(new Error('cancelled')) });
        return assert.rejects(done, /cancelled/);
      },
    ],
  ] as const) {
    test(`nothing of it runs any more when ${why}`, async () => {
      using at = bench();
      const mark = `ospain2-mark-${process.pid}-${why.length}`;
      // In a session of its own, deaf to all but one signal, and its parents gone.
      const stubborn = `trap "" TERM HUP INT; exec -a ${mark} sleep 50`;
      const result = await end(
        at,
        `(setsid bash -c '${stubborn}' &); bash -c '${stubborn}' & echo begun; wait; sleep 50`,
      );
      if (result) assert.equal(result.ending, 'time');
      assert.deepEqual(running(mark), []);
    });
  }

  test('nothing of it runs any more when the server is killed', async () => {
    using at = bench();
    const mark = `ospain2-mark-${process.pid}-killed`;
    const program = fileURLToPath(new URL('runForever.ts', import.meta.url));
    const server: ChildProcess = spawn(process.execPath, [program, at.root, mark], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(server.stdout);
    await once(server.stdout, 'data');
    assert.ok(running(mark).length > 1);
    server.kill('SIGKILL');
    await allGone(mark);
  });

  test('a folder that holds the person’s own is no place for commands', async () => {
    using at = bench({ 'home/.ssh/id': 'key' });
    const commands = createCommands({
      ...optionsOf(at.root),
      env: { PATH: process.env.PATH, HOME: join(at.root, 'home') },
    });
    const request = {
      command: 'true',
      edits: new Map(),
      ignored: () => false,
      timeoutMs: 5000,
      maxOutput: 1000,
      signal: new AbortController().signal,
    };
    await assert.rejects(commands.run(request), { code: 'forbidden' });
    const holding = createCommands({ ...optionsOf(at.root), hidden: [join(at.root, 'data')] });
    await assert.rejects(holding.run(request), { code: 'forbidden' });
  });

  test('commands that no shell could take are refused', async () => {
    using at = bench();
    await assert.rejects(at.run('a\0b'), { code: 'invalid_params' });
    await assert.rejects(at.run('x'.repeat(40_000)), { code: 'too_large' });
  });

  test('names of a workspace that mean something to mount are names', async () => {
    using folder = tempFolder('odd');
    const root = join(realpathSync(folder.path), 'a:b,c\\d "e" $f ü\u00a0g');
    mkdirSync(root);
    writeFileSync(join(root, 'a.txt'), 'one\n');
    symlinkSync(folder.path, join(root, 'up'));
    const commands = createCommands(optionsOf(root));
    const request = {
      edits: new Map([['b.txt', 'b\n']]),
      ignored: () => false,
      timeoutMs: 5000,
      maxOutput: 1000,
      signal: new AbortController().signal,
    };
    const end = await commands.run({ ...request, command: 'pwd; cat *.txt; echo x > c.txt' });
    assert.equal(end.output, `${root.replaceAll('\u00a0', '\u00a0')}\none\nb\n`);
    assert.deepEqual(end.changes, [{ path: 'c.txt', text: 'x\n' }]);
  });
});

const optionsOf = (root: string): CommandsOptions => ({
  root,
  hidden: [],
  timeoutMs: 10_000,
  limits: LIMITS,
  readable: [],
  shell: 'powershell',
  env: { PATH: process.env.PATH, HOME: '/nonexistent' },
  now: Date.now,
});

describe('without a sandbox', { skip: process.platform === 'win32' && 'the shell is another one there' }, () => {
  const open = (files: Record<string, string> = {}) => bench(files, { platform: 'freebsd' });

  test('a command changes the disk, and sees no edits', async () => {
    using at = open({ 'a.txt': 'one\n' });
    assert.equal((await at.commands.sandbox()).kind, 'none');
    const end = await at.run('cat a.txt; echo two > b.txt; echo err >&2; exit 4', {
      edits: new Map([['a.txt', 'edited']]),
    });
    assert.deepEqual({ code: end.code, changes: end.changes }, { code: 4, changes: [] });
    assert.match(end.output, /one\n/);
    assert.equal(readFileSync(join(at.root, 'b.txt'), 'utf8'), 'two\n');
  });

  test('nothing answers it', async () => {
    using at = open();
    assert.equal((await at.run('cat; read -r x; echo "$CI $GIT_TERMINAL_PROMPT"')).output, '1 0\n');
  });

  test('its tree ends with it, and those that left the tree', {
    skip: process.platform !== 'linux' && 'only Linux tells',
  }, async () => {
    using at = bench({}, { env: { PATH: '/nowhere' } });
    assert.equal((await at.commands.sandbox()).kind, 'none');
    const mark = `ospain2-mark-${process.pid}-open`;
    const stubborn = `trap "" TERM HUP; echo > ready; exec -a ${mark} /bin/sleep 50`;
    const run = `(/usr/bin/setsid /bin/bash -c '${stubborn}' &); (/bin/bash -c 'exec -a ${mark} /bin/sleep 50' &); while [ ! -e ready ]; do :; done; echo begun`;
    assert.equal((await at.run(run)).output, 'begun\n');
    await allGone(mark);
    assert.equal((await at.run(`${run}; wait; /bin/sleep 50`, { timeoutMs: 300 })).ending, 'time');
    await allGone(mark);
  });
});
