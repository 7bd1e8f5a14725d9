import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { OspainError } from '../../../../protocol/index.ts';
import { codeOf } from '../../../storage/storageErrors.ts';

/** Docker, or podman by its socket that speaks Docker's API. */
export interface Engine {
  /** The socket or named pipe. */
  readonly address: string;
  readonly docker: Docker;
}

/** What this module asks of the file system. */
export interface SocketLook {
  exists(path: string): boolean;
  /** Throws where this user may not use it. */
  access(path: string): void;
}

const LOOK: SocketLook = {
  exists: existsSync,
  access: (path) => accessSync(path, constants.R_OK | constants.W_OK),
};

const PIPE = '//./pipe/docker_engine';

/**
 * The address of the engine of this machine: what `DOCKER_HOST` names, else the first known socket that this user may use.
 * Rejects engines of other machines: they do not have the models, and nothing leaves this one. Throws `containers_missing`
 * or `containers_denied`.
 */
export function findEngine(env: NodeJS.ProcessEnv, platform = process.platform, look = LOOK): string {
  const host = env['DOCKER_HOST'] ?? '';
  const named = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1];
  if (host !== '' && named === undefined) {
    throw new OspainError('containers_missing', `DOCKER_HOST names an engine of another machine: ${host}.`, {
      hint: 'Workers run on this machine only: let it name a socket (unix://…) or a pipe (npipe://…), or unset it.',
    });
  }
  const candidates = named !== undefined ? [named] : platform === 'win32' ? [PIPE] : sockets(env);
  // Whether a pipe is there shows when it is opened.
  if (platform === 'win32') return candidates[0] ?? PIPE;
  const there = candidates.filter((path) => look.exists(path));
  const usable = there.find((path) => mayUse(path, look));
  if (usable !== undefined) return usable;
  const [denied] = there;
  throw denied === undefined ? missing(candidates.join(', ')) : deniedAt(denied);
}

/** Where Docker and podman put their sockets: of the system, of Docker Desktop, and of this user without root. */
function sockets(env: NodeJS.ProcessEnv): string[] {
  const own = env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(own ? [join(own, 'docker.sock')] : []),
    join(env['HOME'] ?? homedir(), '.docker/run/docker.sock'),
    ...(own ? [join(own, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
}

function mayUse(path: string, look: SocketLook): boolean {
  try {
    look.access(path);
    return true;
  } catch {
    return false;
  }
}

/** Nothing is asked of the engine yet. */
export async function openEngine(env: NodeJS.ProcessEnv): Promise<Engine> {
  const address = findEngine(env);
  // Only now: most servers never need it.
  const { default: Dockerode } = await import('dockerode');
  return { address, docker: new Dockerode({ socketPath: address }) };
}

const missing = (where: string, cause?: unknown) =>
  new OspainError('containers_missing', `No container engine answers at ${where}.`, {
    hint: 'Start Docker or podman’s socket, let DOCKER_HOST name it, or set ospain2.workers.runtime to process.',
    cause,
  });

const deniedAt = (where: string, cause?: unknown) =>
  new OspainError('containers_denied', `This user may not use the container engine at ${where}.`, {
    hint: 'Use an engine that runs without root (docs/containers.md), or join the group of the socket: its members are as powerful as root.',
    cause,
  });

export const lost = (where: string, cause?: unknown): OspainError =>
  new OspainError('containers_lost', `The container engine at ${where} went away.`, {
    hint: 'Start it again: tasks go on by themselves.',
    cause,
  });

const NOBODY: readonly unknown[] = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'];
const GONE: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'ECONNABORTED'];

/** What a failed request to the engine is called. */
export function engineError(thrown: unknown, address: string): OspainError {
  if (thrown instanceof OspainError) return thrown;
  const code = codeOf(thrown);
  if (NOBODY.includes(code)) return missing(address, thrown);
  if (code === 'EACCES' || code === 'EPERM') return deniedAt(address, thrown);
  if (GONE.includes(code)) return lost(address, thrown);
  return new OspainError('worker_failed', `The container engine refused: ${reasonOf(thrown)}.`, {
    hint: 'Look at what the engine’s own log says.',
    cause: thrown,
  });
}

/** 404, for example; null where the engine gave no answer of HTTP. */
export function statusOf(thrown: unknown): number | null {
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : null;
  return typeof status === 'number' ? status : null;
}

const reasonOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).replace(/^\(HTTP code [^)]*\) [^-]*- /, '').trim();
