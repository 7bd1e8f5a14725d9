import { resolve } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { errorCodes, OspainError, type WorkerRuntimeName } from '../protocol/index.ts';
import type { Action } from './action.ts';
import { errorText } from './errorText.ts';
import type { Host } from './host.ts';
import { createLink, type Link } from './link.ts';
import { createPaint } from './paint.ts';
import { unlock } from './passphrase.ts';
import { createProgram } from './program.ts';
import { createScreen, hasColours } from './screen.ts';

/** Runs one command; resolves with the exit code. Never rejects. */
export async function run(host: Host): Promise<number> {
  let exit = 0;
  const program = createProgram(
    host,
    createAction(host, (code) => {
      exit = code;
    }),
  );
  try {
    await program.parseAsync([...host.args], { from: 'user' });
    return exit;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const error = classify(thrown);
    const paint = createPaint(!host.args.includes('--no-color') && hasColours(host.stderr, host.env));
    const json = host.args.includes('--json');
    host.stderr.write(`${json ? JSON.stringify({ error: error.toWire() }) : errorText(error, paint)}\n`);
    return errorCodes[error.code].exit;
  }
}

/** What the parser refuses is a wrong use of the program. */
function classify(thrown: unknown): OspainError {
  if (!(thrown instanceof CommanderError)) return OspainError.from(thrown);
  const message = thrown.message.replace(/^error: /, '');
  // Asked for nothing, the parser has written its help already.
  const what = thrown.code === 'commander.help' ? 'A command is missing.' : message;
  return new OspainError('invalid_params', what, { hint: 'ospain2 --help shows all commands.' });
}

/** What a server that is started here is told; without a word, the environment says it. */
const telling = (env: NodeJS.ProcessEnv, { trust, workers }: GlobalOptions): NodeJS.ProcessEnv => ({
  ...env,
  ...(trust !== undefined && { OSPAIN2_TRUST: trust ? '1' : '0' }),
  ...(workers !== undefined && { OSPAIN2_WORKERS: workers }),
});

/** A server that was there is another program's: it is not told otherwise, and nobody is left to believe it was. */
async function assertTold(link: Link, { trust, workers }: GlobalOptions): Promise<void> {
  if (trust === undefined && workers === undefined) return;
  const { client, attached } = await link.open();
  if (!attached) return;
  const { trust: there, workerRuntime } = await client.request('server/status', {});
  if (workers !== undefined && workers !== workerRuntime)
    throw new OspainError('wrong_state', `The models of the server that is running are in ${PLACES[workerRuntime]}.`, {
      hint: 'Set ospain2.workers.runtime in VS Code, or end that server, or leave the option out.',
    });
  if (trust === undefined || there === (trust ? 'trusted' : 'untrusted')) return;
  throw new OspainError('wrong_state', `The server of this workspace that is running has the folder as ${there}.`, {
    hint: 'Say it there, such as with “Manage Workspace Trust” of VS Code, or leave the option out.',
  });
}

const PLACES: Readonly<Record<WorkerRuntimeName, string>> = { process: 'processes', container: 'containers' };

interface GlobalOptions {
  workspace: string;
  json?: boolean;
  color: boolean;
  trust?: boolean;
  workers?: WorkerRuntimeName;
}

/** Gives a command its surroundings, and ends them after it. */
const createAction =
  (host: Host, setExit: (code: number) => void): Action =>
  (command, { repair = false, runningOnly = false, asLocked = runningOnly } = {}) =>
  async (...parsed) => {
    const self = parsed.at(-1) as Command;
    const chosen = self.optsWithGlobals<GlobalOptions>();
    const { workspace, json = false, color } = chosen;
    const { stdout, stderr, env } = host;
    const screen = createScreen({ stdout, stderr, env, json, colours: color });
    const folder = resolve(host.cwd, workspace);
    const link = createLink({
      program: host.serverProgram,
      workspace: folder,
      env: telling(env, chosen),
      repair,
      runningOnly,
      ...(asLocked ? {} : { unlock: (client) => unlock(host, client) }),
    });
    try {
      await assertTold(link, chosen);
      setExit(await command({ host, link, screen, workspace: folder }, ...self.args));
    } finally {
      screen.live(null);
      await link.close();
    }
  };
