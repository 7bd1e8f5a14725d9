import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, lstatSync, openSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { OspainError } from '../../protocol/index.ts';
import { archiveOf, type Entry } from './archive.ts';
import { innerArguments, type Limits, OWN_FILES, outerArguments, VIEW, type Walls } from './bubblewrap.ts';
import type { CommandEnd, CommandRequest, Edits, Ending, ViewChanges } from './command.ts';
import { inheritedFiles } from './inheritedFiles.ts';
import { createOutput, MAX_OUTPUT } from './output.ts';
import { ownMemory, processTree } from './processTree.ts';
import { seccompFilter } from './seccomp.ts';
import { FILES, FILTER, INFO, SAYS, STAGE } from './stage.ts';
import { readChanges } from './view.ts';

/** The outer sandbox's own programs come from the system, never from a folder that a command can be given. */
const STAGE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** Processes of the sandbox itself, and some room. */
const OF_ITS_OWN = 16;
/** Milliseconds between two looks at what a command takes. */
const LOOK_EVERY = 200;

export interface SandboxedDeps {
  /** Absolute path of `bwrap`. */
  program: string;
  walls: Walls;
  now: () => number;
}

/** Runs one command in a sandbox of its own; rejects with `unavailable` when that could not be set up, or as `signal` says. */
export async function runSandboxed(
  { program, walls, now }: SandboxedDeps,
  request: CommandRequest,
): Promise<CommandEnd> {
  const { signal } = request;
  signal.throwIfAborted();
  const child = start({ program, walls, now }, request);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => {});
  let first: number | undefined;
  const end = (): void => endAll(child, first);
  signal.addEventListener('abort', end, { once: true });
  const output = createOutput({ limit: request.maxOutput, ...(request.onText ? { onText: request.onText } : {}) });
  let ending: Ending = 'itself';
  const endAs = (why: Ending): void => {
    if (ending === 'itself') ending = why;
    end();
  };
  reader(child, 1).on('data', (bytes: Buffer) => {
    output.push(bytes);
    if (output.size > MAX_OUTPUT) endAs('output');
  });
  const problem = textOf(reader(child, 2));
  const timers: NodeJS.Timeout[] = [];
  let code: number | null = null;
  let seen: ViewChanges | undefined;
  try {
    const told = Promise.race([firstOf(child), failed]);
    told.catch(() => {});
    let view = '';
    let startedAt = 0;
    for await (const line of createInterface({ input: reader(child, SAYS) })) {
      if (line === 'made') {
        first = await told;
        view = `/proc/${first}/root${VIEW}`;
        startedAt = now();
        timers.push(setTimeout(() => endAs('time'), request.timeoutMs));
        timers.push(setInterval(() => look(child.pid, walls, endAs), LOOK_EVERY));
        writer(child, 0).write('go\n');
      } else if (line.startsWith('ended ')) {
        code = Number(line.slice('ended '.length));
      } else if (line === 'drained') {
        for (const timer of timers) clearTimeout(timer);
        const { edits, ignored } = request;
        const places = { view: join(view, 'merged'), written: join(view, 'rw/upper'), root: walls.root };
        seen = await readChanges({ ...places, edits, ignored, startedAt, signal });
        break;
      }
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (ending === 'itself') throw unavailable(thrown);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    end();
    await Promise.race([closed, failed.catch(() => {})]);
    signal.removeEventListener('abort', end);
  }
  signal.throwIfAborted();
  if (ending === 'itself' && !seen) throw unavailable(new Error((await problem).trim().slice(0, 500)));
  output.end();
  return { ending, code: ending === 'itself' ? code : null, output: output.text(), ...(seen ?? nothingSeen) };
}

const nothingSeen: ViewChanges = { changes: [], left: [], complete: true };

function start({ program, walls, now }: SandboxedDeps, { command, edits }: CommandRequest): ChildProcess {
  const { root, limits } = walls;
  const filter = seccompFilter(process.arch);
  const git = lstatSync(join(root, '.git'), { throwIfNoEntry: false });
  const inner = innerArguments(walls, root, filter && FILTER, {
    inProc: (name) => existsSync(`/proc/${name}`),
    git: git !== undefined && !git.isSymbolicLink(),
  });
  const bounds = [
    ...['--core=0:0', '--nofile=4096:4096'],
    ...[`--nproc=${limits.processes}:${limits.processes}`, `--data=${limits.memory}:${limits.memory}`],
    `--fsize=${limits.scratch}:${limits.scratch}`,
  ];
  const own = `${VIEW}/bwrap`;
  const args = [
    ...outerArguments(walls, INFO),
    ...['--ro-bind', program, own, '/bin/sh', '-c', STAGE, 'stage', String(pidLimit(limits))],
    ...['nice', '-n', '5', 'prlimit', ...bounds, own, ...inner, ...shellFor(command)],
  ];
  const env = { PATH: STAGE_PATH };
  const nothing = openSync('/dev/null', 'r');
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: '/',
      env,
      stdio: [...Array.from({ length: FILES + 1 }, () => 'pipe' as const), ...inheritedFiles(FILES + 1, nothing)],
      ...(process.getuid?.() === 0 && walls.owner.uid !== 0 ? walls.owner : {}),
    });
  } finally {
    closeSync(nothing);
  }
  // What it was to be told does not matter any more when it is gone.
  for (const stream of child.stdio) stream?.on('error', () => {});
  writer(child, FILTER).end(filter ?? '');
  writer(child, FILES).end(filesFor(walls, edits, now()));
  return child;
}

/** Bash where there is one: models write for it. */
export const shellFor = (command: string): string[] =>
  existsSync('/bin/bash') ? ['/bin/bash', '--noprofile', '--norc', '-c', command] : ['/bin/sh', '-c', command];

/** The first process of the outer sandbox: through its root this process reaches the view. */
async function firstOf(child: ChildProcess): Promise<number> {
  const { 'child-pid': pid } = JSON.parse(await textOf(reader(child, INFO)));
  return Number(pid);
}

/** A namespace ends with its first process, and that one only when all others are gone; `child` waits for it. */
function endAll(child: ChildProcess, first: number | undefined): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (first !== undefined) process.kill(first, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/**
 * Since Linux 6.14 a namespace of processes has a bound of its own (pid_max, at least 301). It holds for the administrator
 * too, whom the kernel exempts from RLIMIT_NPROC; on older kernels only `look` keeps theirs in bounds.
 */
function pidLimit({ processes }: Limits): number {
  const [major = 0, minor = 0] = release()
    .split('.')
    .map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 14) ? Math.max(301, processes + OF_ITS_OWN) : 0;
}

/** What the stage unpacks: the task's edits, and a few files of the system that say nothing of this one. */
function filesFor({ root, uid, gid, home }: Walls, edits: Edits, time: number): Buffer {
  const own: Record<(typeof OWN_FILES)[number], string> = {
    '/etc/passwd': `user:x:${uid}:${gid}::${home}:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n`,
    '/etc/group': `user:x:${gid}:\nnogroup:x:65534:\n`,
    '/etc/hosts': '127.0.0.1 localhost sandbox\n::1 localhost\n',
  };
  const entries: Entry[] = OWN_FILES.map((path) => ({ path: path.slice(1), text: own[path] }));
  let gone = '';
  for (const [path, text] of edits) {
    if (text === null) gone += `./${path}\0`;
    else entries.push({ path: `edits/${path}`, text, mode: modeOf(join(root, path)) });
  }
  if (gone !== '') entries.push({ path: 'gone', text: gone });
  return archiveOf(entries, time);
}

/** So that a script stays one that can be started. */
function modeOf(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.mode : 0o644;
}

/** Ends what takes too much together; each process alone is bounded by the kernel. */
function look(pid: number | undefined, { limits }: Walls, endAs: (why: Ending) => void): void {
  const tree = processTree(pid ?? 0);
  if (tree.length > limits.processes + OF_ITS_OWN) endAs('processes');
  else if (tree.reduce((sum, one) => sum + ownMemory(one), 0) > limits.memory) endAs('memory');
}

const reader = (child: ChildProcess, fd: number): Readable => child.stdio[fd] as Readable;
const writer = (child: ChildProcess, fd: number): Writable => child.stdio[fd] as Writable;

const unavailable = (cause: unknown): OspainError =>
  new OspainError('unavailable', 'The sandbox for commands could not be set up.', {
    hint: 'docs/sandbox.md says what it needs.',
    cause,
  });
