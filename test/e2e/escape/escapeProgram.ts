/**
 * Tries to get out, as whoever runs it; prints one line of JSON for each try.
 *
 *   node escapeProgram.ts sandboxed|open FOLDER
 *
 * `open` runs what may be run without a sandbox, without one: every try must then be seen to do damage, or the suite sees nothing.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { ignoreTest } from '../../../server/agents/files.ts';
import { createOverlay } from '../../../server/agents/overlay.ts';
import type { CommandEnd, CommandRequest } from '../../../server/commands/command.ts';
import { createCommands } from '../../../server/commands/commands.ts';
import { openEnvironment } from '../../../server/commands/environment.ts';
import { runOpen } from '../../../server/commands/open.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';
import { runCall } from '../../server/agents/runCall.ts';
import { hostileCalls } from './calls.ts';
import { type HostileCommand, hostileCommands } from './commands.ts';
import { openWorld, type World } from './world.ts';

/** What a try came to; no damage and no leak is what is wanted. */
export interface Try {
  name: string;
  damage: string[];
  /** Whether it could show what is nobody's business. */
  leaked: boolean;
  ending: string;
  /** Milliseconds. */
  took: number;
  said: string;
}

const LIMITS = { memory: 400e6, scratch: 100e6, processes: 200 };
const LATEST_DAMAGE_MS = 10_000;
const [mode, folder = ''] = process.argv.slice(2);
const base = realpathSync(folder);
const say = (one: Try): void => void process.stdout.write(`${JSON.stringify(one)}\n`);

async function attempt(at: World, hostile: HostileCommand, run: (request: CommandRequest) => Promise<CommandEnd>) {
  const began = performance.now();
  const edits = new Map([['sub/edited.txt', 'of the task\n']]);
  const { ending, code, output, changes, left } = await run({
    command: hostile.command(at),
    edits,
    ignored: ignoreTest(at.workspace),
    timeoutMs: hostile.timeoutMs ?? 5000,
    maxOutput: 20_000,
    signal: new AbortController().signal,
  });
  // What came to a socket is told in the next rounds of the loop.
  for (let round = 0; round < 3; round++) await setImmediate();
  const leaked = JSON.stringify([output, changes, left]).includes(at.secret);
  let damage = at.damage();
  // Where nothing keeps it in, it is waited for: a process that was killed ends in its own time.
  while (mode === 'open' && damage.length === 0 && !leaked && performance.now() - began < LATEST_DAMAGE_MS) {
    await delay(10);
    damage = at.damage();
  }
  say({
    name: hostile.name,
    damage,
    leaked,
    ending: `${ending} ${code}`,
    took: performance.now() - began,
    said: output.slice(0, 300),
  });
}

const fresh = (): Promise<World> => openWorld(mkdtempSync(join(base, 'w-')));

if (mode === 'sandboxed') {
  await using at = await fresh();
  const { env, workspace: root, data } = at;
  const commands = createCommands({
    root,
    hidden: [data],
    timeoutMs: 5000,
    limits: LIMITS,
    readable: [],
    shell: 'cmd',
    env,
    now: Date.now,
  });
  const { kind, reason } = await commands.sandbox();
  if (kind !== 'bubblewrap') throw new Error(reason);
  for (const hostile of hostileCommands) await attempt(at, hostile, commands.run);
  const signal = AbortSignal.timeout(60_000);
  for (const call of hostileCalls(at)) {
    const { ok, text } = await runCall(call, {
      overlay: createOverlay(root),
      room: 100_000,
      signal,
      syntax: createSyntax(),
    });
    const name = `call: ${JSON.stringify(call).slice(0, 120)}`;
    say({
      name,
      damage: at.damage(),
      leaked: text.includes(at.secret),
      ending: String(ok),
      took: 0,
      said: text.slice(0, 300),
    });
  }
} else {
  for (const hostile of hostileCommands.filter(({ provable }) => provable)) {
    await using at = await fresh();
    const program = { file: '/bin/bash', args: ['--noprofile', '--norc', '-c'] };
    const run = (request: CommandRequest): Promise<CommandEnd> =>
      runOpen(
        {
          program: { ...program, args: [...program.args, request.command] },
          env: openEnvironment(at.env),
          cwd: at.workspace,
          platform: process.platform,
        },
        request,
      );
    await attempt(at, hostile, run);
    rmSync(at.base, { recursive: true, force: true });
  }
}
process.exit(0);
