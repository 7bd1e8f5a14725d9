import { spawnSync } from 'node:child_process';
import { TRACED } from './trace.ts';

/** What a proof runs in: how its program is started, and what that is worth. */
export interface Walls {
  /** Put before the command. */
  wrap: readonly string[];
  /** There is no network but the loopback of its own. */
  namespace: boolean;
  /** Every call of the system about the network is written down. */
  traced: boolean;
}

const NAMESPACES: readonly (readonly string[])[] = [
  // Brings the loopback up by itself, and leaves the user as they are.
  ['bwrap', '--dev-bind', '/', '/', '--unshare-user', '--unshare-net', '--'],
  ['unshare', '--map-root-user', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
];

/** Has no network, and listens on the loopback: what a namespace has to be. */
const PROBE = `
const names = Object.keys(require('node:os').networkInterfaces());
if (names.some((name) => name !== 'lo')) process.exit(3);
require('node:net').createServer().on('error', () => process.exit(4)).listen(0, '127.0.0.1', () => process.exit(0));`;

/** Milliseconds that a probe may take. */
const PATIENCE = 10_000;

const works = (wrap: readonly string[], script: string): boolean => {
  const [command = process.execPath, ...args] = [...wrap, process.execPath, '-e', script];
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return spawnSync(command, args, { env, stdio: 'ignore', timeout: PATIENCE }).status === 0;
};

/** The strongest walls that this machine has, each tried and not believed. Without any, the guard of the programs stands alone. */
export function findWalls(traceFile: string): Walls {
  if (process.platform !== 'linux') return { wrap: [], namespace: false, traced: false };
  const namespace = NAMESPACES.find((wrap) => works(wrap, PROBE)) ?? [];
  const traces = [['--seccomp-bpf'], []].map((fast) => [
    ...['strace', '-f', ...fast, '-qq', '-s', '0', '-e', `trace=${TRACED}`, '-e', 'signal=none', '-o', traceFile],
  ]);
  // Inside of the namespace, so that it sees our own calls alone.
  const trace = traces.find((wrap) => works([...namespace, ...wrap], '0')) ?? [];
  return { wrap: [...namespace, ...trace], namespace: namespace.length > 0, traced: trace.length > 0 };
}
