import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Finding } from '../../protocol/index.ts';
import { codeOf } from '../storage/storageErrors.ts';
import { ok, warning } from './finding.ts';

/** Whether the port of the API is free; nothing listens on it unless a person starts that. */
export async function checkPort(port: number): Promise<Finding> {
  const problem = await listenProblem(port);
  if (problem === null) return ok('port', `${port} is free, for ospain2 serve`);
  const found = problem === 'EADDRINUSE' ? `${port} is in use` : `${port} cannot be opened (${problem})`;
  return warning('port', found, 'If that is not a server of yours, choose another one: ospain2 serve --port 8080.');
}

const listenProblem = (port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(codeOf(error) ?? error.message));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(null)));
  });

/** A container engine is there for those who want stronger walls around workers; all works without one. */
export async function checkContainers(env: NodeJS.ProcessEnv): Promise<Finding> {
  const places = enginePlaces(env);
  const there = places.filter((place) => process.platform === 'win32' || existsSync(place));
  for (const place of there)
    if ((await connectProblem(place)) === null) return ok('containers', `an engine at ${place}`);
  const denied = there[0];
  if (denied === undefined) return ok('containers', 'no Docker or Podman; workers run as processes');
  const problem = await connectProblem(denied);
  if (process.platform === 'win32' && problem === 'ENOENT')
    return ok('containers', 'no Docker; workers run as processes');
  return warning(
    'containers',
    `${denied} does not let us in (${problem ?? 'it did before'})`,
    'Only needed to run workers in containers. Start the engine, join the group docker, or run Podman as yourself.',
  );
}

function enginePlaces(env: NodeJS.ProcessEnv): string[] {
  const chosen = /^(?:unix|npipe):\/\/(.+)$/.exec(env['DOCKER_HOST'] ?? '')?.[1];
  if (chosen !== undefined) return [chosen];
  if (process.platform === 'win32') return ['//./pipe/docker_engine'];
  const runtime = env['XDG_RUNTIME_DIR'];
  return ['/var/run/docker.sock', ...(runtime ? [join(runtime, 'podman/podman.sock')] : []), '/run/podman/podman.sock'];
}

/** Milliseconds. */
const PATIENCE = 3000;

const connectProblem = (path: string): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const end = (problem: string | null) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(PATIENCE, () => end('no answer'));
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(codeOf(error) ?? error.message));
  });
