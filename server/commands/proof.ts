import { OspainError } from '../../protocol/index.ts';
import type { CommandEnd, CommandRequest, Sandbox } from './command.ts';

type Run = (request: CommandRequest) => Promise<CommandEnd>;

/** Milliseconds; a sandbox that is not up by then helps nobody. */
const PATIENCE = 20_000;
const FILE = '.ospain2-proof';

/*
 * That a program is installed says little: systems forbid namespaces, overlays or profiles in many ways. So one command is
 * really run, and believed only when it could do what it must be able to do and nothing that it must not.
 */
const MUST = `echo made > ${FILE} && test ! -w /etc && test ! -w /usr`;

export const proveBubblewrap = (run: Run): Promise<Sandbox> =>
  prove(run, `${MUST} && test "$(grep -c : /proc/net/dev)" = 1 && ! test -e /run/user && exit 7`, {
    kind: 'bubblewrap',
    reason: 'Commands run in a sandbox: no network, nothing of your home folder, and no change on disk.',
  });

export const proveSeatbelt = (run: Run): Promise<Sandbox> =>
  prove(run, `${MUST} && exit 7`, {
    kind: 'seatbelt',
    reason:
      'Commands run in the sandbox of macOS: no network, nothing of your home folder, and in a copy of the workspace.',
  });

async function prove(run: Run, command: string, sandbox: Sandbox): Promise<Sandbox> {
  try {
    const { code, changes, output } = await run({
      command,
      edits: new Map(),
      ignored: (path) => path !== FILE,
      timeoutMs: PATIENCE,
      maxOutput: 1000,
      signal: AbortSignal.timeout(2 * PATIENCE),
    });
    if (code === 7 && changes.length === 1) return sandbox;
    return none(`a command in it could do too much or too little. ${output.trim()}`);
  } catch (thrown) {
    const { message, cause } = OspainError.from(thrown);
    return none(`${message} ${cause instanceof Error ? cause.message : ''}`);
  }
}

const none = (why: string): Sandbox => ({ kind: 'none', reason: `There is no sandbox for commands: ${why.trim()}` });
