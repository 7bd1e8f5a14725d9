import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inRepository } from '../../../scripts/paths.ts';
import { tempFolder } from '../temp.ts';
import type { Block } from './blocks.ts';

/*
 * Runs the blocks of one page as a person would who copies one after the other into one terminal: in a copy of the sample folder,
 * with a home, data and a network of its own that has nobody but this machine, beside a server that runs, as that of VS Code does.
 */

/** What pages may take to be there besides the sample folder. */
function furnish(home: string, project: string): void {
  cpSync(inRepository('media/sample'), project, { recursive: true });
  mkdirSync(join(home, 'Downloads'), { recursive: true });
  mkdirSync(join(home, 'backups'));
  // A person's own model; that it is the embedded one again makes it quick.
  copyFileSync(inRepository('media/models/canary.gguf'), join(home, 'Downloads/coder-Q4_K_M.gguf'));
}

const PRELUDE = `
set -euo pipefail
ip link set lo up 2>/dev/null || true
at() { echo "@@ $1" >&2; }
ospain2 serve --no-api > ../server.log 2>&1 &
server=$!
for _ in $(seq 300); do grep -q Ctrl+C ../server.log && break; sleep 0.1; done
grep -q Ctrl+C ../server.log
disown "$server"
trap 'kill "$server" $(jobs -p) 2>/dev/null || true' EXIT
# Runs until it has said something, and is then interrupted as by Ctrl+C.
until_interrupted() {
  # By this shell: what the last one said would be taken for the words of one that has not begun.
  : >../said.log
  setsid bash -c "$1" >../said.log 2>&1 &
  local program=$!
  for _ in $(seq 300); do [ -s ../said.log ] && break; kill -0 "$program" 2>/dev/null || break; sleep 0.1; done
  cat ../said.log
  # Where a server runs already, some have nothing more to do than to say so.
  kill -INT -- "-$program" 2>/dev/null || true
  local code=0
  wait "$program" || code=$?
  [ -s ../said.log ] && { [ "$code" = 0 ] || [ "$code" = 130 ]; }
}
`;

export interface Session {
  code: number | null;
  /** Everything that was said. */
  said: string;
  /** Where the session was when it ended, such as `README.md:44`. */
  at: string;
}

export async function runBlocks(blocks: readonly Block[]): Promise<Session> {
  using folder = tempFolder('docs');
  const [home, project, bin] = ['home', 'project', 'bin'].map((name) => join(folder.path, name));
  if (home === undefined || project === undefined || bin === undefined) throw new Error('unreachable');
  for (const made of [home, bin]) mkdirSync(made);
  furnish(home, project);
  const program = join(bin, 'ospain2');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${inRepository('dist/cli.js')}" "$@"\n`);
  chmodSync(program, 0o755);
  const script = join(folder.path, 'session.sh');
  const steps = blocks.map(({ file, line, text: commands, marker }) => {
    const run = marker === 'run: until interrupted' ? `until_interrupted ${quoted(commands)}` : commands;
    return `at ${file}:${line}\n${run}\n`;
  });
  writeFileSync(script, `${PRELUDE}\n${steps.join('')}at end\n`);
  const child = spawn('unshare', ['--net', '--map-root-user', 'bash', script], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      ...{ HOME: home, XDG_RUNTIME_DIR: folder.path, TMPDIR: folder.path, LANG: 'C.UTF-8', USER: 'somebody' },
      OSPAIN2_KEY_STORE: 'file',
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const at = [...err.matchAll(/^@@ (.*)$/gm)].at(-1)?.[1] ?? 'the start';
  return { code, said: `${out}\n${err}`, at };
}

const quoted = (script: string): string => `'${script.replaceAll("'", "'\\''")}'`;
