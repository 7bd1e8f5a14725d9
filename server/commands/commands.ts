import { accessSync, constants, statSync } from 'node:fs';
import { homedir, tmpdir, totalmem } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import type { Limits, Walls } from './bubblewrap.ts';
import type { CommandEnd, CommandRequest, Sandbox } from './command.ts';
import { runInCopy } from './copied.ts';
import { openEnvironment, sandboxEnvironment } from './environment.ts';
import { hostFolders, isWithin } from './hostFolders.ts';
import { runOpen } from './open.ts';
import { proveBubblewrap, proveSeatbelt } from './proof.ts';
import { runSandboxed, shellFor } from './sandboxed.ts';
import { SANDBOX_EXEC, seatbeltProfile } from './seatbelt.ts';
import { cmd, isOneLine, type Program, powershell, type Shell } from './windowsShell.ts';

/** Runs shell commands for tasks: in a sandbox where there is one that works. */
export interface Commands {
  readonly shell: Shell;
  /** How long a command may take, in milliseconds. */
  readonly timeoutMs: number;
  /** What a command would run in. Found out once, by running one. */
  sandbox(): Promise<Sandbox>;
  /** Without a sandbox the command changes the real workspace: ask a person first. Rejects with `forbidden`, `unavailable`. */
  run(request: CommandRequest): Promise<CommandEnd>;
}

export interface CommandsOptions {
  /** Real path of the workspace. */
  root: string;
  /** Folders that no command may see: the product's own. Real paths. */
  hidden: readonly string[];
  timeoutMs: number;
  limits: Limits;
  /** Folders that a command may read besides those of the system and of known toolchains. */
  readable: readonly string[];
  shell: 'powershell' | 'cmd';
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  now: () => number;
}

/** Characters; beyond it a system may refuse to start the shell. */
const MAX_COMMAND = 30_000;

export function createCommands(options: CommandsOptions): Commands {
  const { root, hidden, timeoutMs, limits, readable, now, env = process.env, platform = process.platform } = options;
  const ownHome = homeOf(env);
  const shell: Shell = platform === 'win32' ? options.shell : 'posix';
  let proven: Promise<Sandbox> | undefined;

  const walls = (): Walls => {
    const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const { uid, gid } = statSync(root);
    // The administrator can be anybody, and who is mapped into the sandbox can change the files of nobody else.
    const owner = own.uid === 0 ? { uid, gid } : own;
    const isOwn = owner.uid === own.uid;
    const home = isOwn ? ownHome : '/home/user';
    const folders = hostFolders(home, readable);
    const seen = [...folders.seen, ...folders.inHome];
    return {
      root,
      home,
      hidden: hidden.filter((path) => exists(path) && seen.some((folder) => isWithin(path, folder))),
      folders,
      env: sandboxEnvironment(env, home),
      // A command and what it writes share the machine with models.
      limits: {
        ...limits,
        memory: Math.floor(Math.min(limits.memory, totalmem() / 2)),
        scratch: Math.floor(Math.min(limits.scratch, totalmem() / 4)),
      },
      owner,
      // Many builds behave in another way for the administrator.
      uid: owner.uid === 0 ? 1000 : owner.uid,
      gid: owner.gid === 0 ? 1000 : owner.gid,
    };
  };
  const inBubblewrap = (request: CommandRequest): Promise<CommandEnd> => {
    const program = findProgram('bwrap', env, root);
    if (program === undefined) throw new OspainError('unavailable', 'bubblewrap is not installed.');
    return runSandboxed({ program, walls: walls(), now }, request);
  };
  const inSeatbelt = (request: CommandRequest): Promise<CommandEnd> => {
    const confine = (command: string, writable: readonly string[]): Program => {
      const profile = seatbeltProfile({
        writable,
        home: ownHome,
        readable: hostFolders(ownHome, readable).inHome,
        hidden,
      });
      return { file: SANDBOX_EXEC, args: ['-p', profile, ...shellFor(command)] };
    };
    const own = sandboxEnvironment(env, ownHome);
    return runInCopy({ root, temporary: tmpdir(), platform, now, env: own, confine }, request);
  };
  const inNothing = (request: CommandRequest): Promise<CommandEnd> =>
    runOpen({ program: programFor(request.command, shell), env: openEnvironment(env), cwd: root, platform }, request);

  const sandbox = (): Promise<Sandbox> => {
    proven ??= platform === 'linux' ? proveBubblewrap(inBubblewrap) : proveOther();
    return proven;
  };
  const proveOther = async (): Promise<Sandbox> =>
    platform === 'darwin'
      ? proveSeatbelt(inSeatbelt)
      : { kind: 'none', reason: 'There is no sandbox for commands on this system.' };

  return {
    shell,
    timeoutMs,
    sandbox,
    async run(request) {
      assertRunnable(request.command, shell);
      const { kind } = await sandbox();
      if (kind === 'none') return inNothing(request);
      const inside = [ownHome, tmpdir(), '/etc', '/usr', '/run', ...hidden].find((path) => isWithin(path, root));
      if (inside !== undefined)
        throw new OspainError('forbidden', `No command runs in this workspace, because ${inside} lies in it.`, {
          hint: 'Open the folder of one project instead.',
        });
      return kind === 'bubblewrap' ? inBubblewrap(request) : inSeatbelt(request);
    },
  };
}

function assertRunnable(command: string, shell: Shell): void {
  if (command.includes('\0')) throw new OspainError('invalid_params', 'A command holds no zero bytes.');
  if (command.length > MAX_COMMAND)
    throw new OspainError('too_large', `The command has ${command.length} characters; up to ${MAX_COMMAND} are run.`);
  if (shell === 'cmd' && !isOneLine(command))
    throw new OspainError('invalid_params', 'A command of this shell is one line.');
}

function programFor(command: string, shell: Shell): Program {
  if (shell === 'powershell') return powershell(command);
  if (shell === 'cmd') return cmd(command);
  const [file = '/bin/sh', ...args] = shellFor(command);
  return { file, args };
}

const homeOf = (env: NodeJS.ProcessEnv): string => {
  const home = env.HOME ?? homedir();
  return isAbsolute(home) && home !== '/' ? home.replace(/\/+$/, '') : '/home/user';
};

const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** Of PATH, but never of the workspace: what lies there may be of anybody. */
function findProgram(name: string, { PATH = '' }: NodeJS.ProcessEnv, root: string): string | undefined {
  const folders = PATH.split(delimiter).filter((folder) => isAbsolute(folder) && !isWithin(folder, root));
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
