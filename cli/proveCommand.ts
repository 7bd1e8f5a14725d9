import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { OspainError } from '../protocol/index.ts';
import type { Host } from './host.ts';
import { judge } from './prove/judge.ts';
import { filesOf, type Planted, plantTexts } from './prove/planted.ts';
import { envOf, foldersOf, type Proof, type Seen } from './prove/proof.ts';
import { createSearch } from './prove/search.ts';
import { readTrace } from './prove/trace.ts';
import { findWalls, type Walls } from './prove/walls.ts';
import type { Screen } from './screen.ts';
import type { Context } from './taskCommands.ts';

export interface ProveOptions {
  /** What it worked with stays. */
  keep?: boolean;
}

/** Folders that every program of the machine may write to, and how much of a file there is read. Bytes. */
const SHARED = ['/tmp', '/var/tmp', '/dev/shm'];
const SHARED_MOST = 16 * 1024 * 1024;

/** Tries what is promised with a server of its own, and says what it found; 0 only when every promise held. */
export async function prove({ host, screen }: Context, { keep = false }: ProveOptions): Promise<number> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'ospain2-prove-')));
  const since = performance.now();
  try {
    screen.print(screen.paint.bold('OSPAiN2 proves what it promises'));
    screen.print(screen.paint.dim('A real server, real tasks, planted texts; in folders of their own.\n'));
    screen.live({ text: 'looks for walls', since, tail: '' });
    const trace = join(folder, 'trace');
    const walls = findWalls(trace);
    screen.live({ text: 'works', since, tail: '' });
    const started = Date.now();
    const planted = plantTexts();
    await prepare(host, folder, planted);
    const seen = await workInside(host, walls, folder, planted);
    screen.live({ text: 'searches', since, tail: '' });
    const search = createSearch({ ...planted });
    const { workspace, out, ...places } = foldersOf(folder);
    for (const path of [...Object.values(places), out]) search.folder(path, { skip: [join(out, 'model.gguf')] });
    for (const path of SHARED) search.folder(path, { since: started, skip: [folder], most: SHARED_MOST });
    const traced = walls.traced ? readTrace(await readFile(trace, 'utf8')) : null;
    const proofs = judge({ walls, seen, searchedAfter: search.done, traced });
    screen.live(null);
    return tell(screen, walls, proofs, keep ? folder : null);
  } finally {
    screen.live(null);
    if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A workspace with planted texts, and folders that only we enter. */
async function prepare(host: Host, folder: string, planted: Planted): Promise<void> {
  const { workspace, ...places } = foldersOf(folder);
  for (const path of Object.values(places)) await mkdir(path, { mode: 0o700 });
  await cp(join(dirname(host.serverProgram), '../media/sample'), workspace, { recursive: true });
  for (const [constant, path] of filesOf(planted))
    await writeFile(
      join(workspace, path),
      `${constant === planted.constant ? `// ${planted.comment}\n` : ''}export const ${constant} = 3;\n`,
    );
}

/** Runs this program once more, inside of the walls; resolves with what it saw. */
async function workInside(host: Host, walls: Walls, folder: string, planted: Planted): Promise<Seen> {
  const own = [host.program, 'prove', '--inside', '--workspace', foldersOf(folder).workspace];
  const [command = process.execPath, ...args] = [...walls.wrap, process.execPath, ...own];
  const child = spawn(command, args, { env: envOf(folder, host.env), stdio: ['pipe', 'pipe', 'pipe'] });
  const stop = host.onInterrupt(() => child.kill());
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify({ folder, planted }));
  try {
    const [answer, words] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (!answer.startsWith('{"deeds"'))
      throw new OspainError('unavailable', 'What is proved could not be run.', {
        hint: 'ospain2 doctor examines the installation.',
        cause: (words + answer).trim().slice(-2000),
      });
    return JSON.parse(answer) as Seen;
  } finally {
    stop();
  }
}

function tell(screen: Screen, walls: Walls, proofs: readonly Proof[], kept: string | null): number {
  const { paint } = screen;
  for (const proof of proofs) {
    screen.data({ proof });
    const mark = proof.ok === null ? paint.yellow('–') : proof.ok ? paint.green('✓') : paint.red('✗');
    screen.print(`${mark} ${paint.bold(proof.said)}\n  ${paint.dim(proof.examined)}`);
    for (const problem of proof.problems.slice(0, 20)) screen.print(paint.red(`  ${screen.safe(problem)}`));
  }
  const proved = proofs.every(({ ok }) => ok !== false);
  const { namespace, traced } = walls;
  screen.data({ proved, walls: { namespace, traced }, ...(kept !== null && { kept }) });
  if (!namespace || !traced) screen.print(`\n${paint.yellow('weaker than it could be:')} ${weakness(walls)}`);
  screen.print(
    proved ? `\n${paint.bold('Every promise held.')}` : `\n${paint.bold(paint.red('Not every promise held.'))}`,
  );
  if (kept !== null) screen.print(`What it worked with is in ${kept}.`);
  return proved ? 0 : 1;
}

function weakness({ namespace, traced }: Walls): string {
  const missing = [
    ...(namespace ? [] : ['no network namespace could be made (bwrap, or unshare with ip)']),
    ...(traced ? [] : ['strace could not trace']),
  ];
  return `${missing.join(', and ')}; docs/proofs.md says what that leaves out.`;
}
