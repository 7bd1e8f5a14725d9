/**
 * A real container engine of the test's own: Debian's dockerd on a socket and with data in a temporary folder, without any
 * bridge or firewall rule, so that it touches nothing of the machine's.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { isOnPath, tryInstallDocker } from '../installPackages.ts';
import { gone } from '../server.ts';
import { tempFolder } from '../temp.ts';

export interface TestEngine extends AsyncDisposable {
  readonly socket: string;
  /** What `DOCKER_HOST` is. */
  readonly host: string;
  readonly docker: Docker;
  /** SIGKILL; what it had running may go on for a while, as with any engine. */
  kill(): Promise<void>;
  /** Starts it again on the same data, and waits until it answers. */
  start(): Promise<void>;
}

/** Why there can be no engine here; false where there can. */
export async function noEngine(): Promise<string | false> {
  if (process.platform !== 'linux') return 'dockerd runs on Linux only';
  if (process.getuid?.() !== 0) return 'only the administrator can start dockerd';
  if (!isOnPath('dockerd') || !isOnPath('runc')) await tryInstallDocker();
  return isOnPath('dockerd') ? false : 'dockerd is missing, and apt-get cannot install docker.io';
}

export async function startEngine(): Promise<TestEngine> {
  const folder = tempFolder('dockerd');
  const inFolder = (name: string) => join(folder.path, name);
  const [socket, log] = [inFolder('docker.sock'), inFolder('log')];
  const docker = new Docker({ socketPath: socket });
  writeFileSync(inFolder('daemon.json'), '{}');
  const quiet = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'];
  const args = [
    ...[`--config-file=${inFolder('daemon.json')}`, `--host=unix://${socket}`, `--data-root=${inFolder('data')}`],
    ...[`--exec-root=${inFolder('exec')}`, `--pidfile=${inFolder('docker.pid')}`, '--userland-proxy=false', ...quiet],
  ];
  let child: ChildProcess | null = null;

  const start = async () => {
    const output = openSync(log, 'a');
    child = spawn('dockerd', args, { stdio: ['ignore', output, output] });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`dockerd ended: ${readFileSync(log, 'utf8').slice(-2000)}`);
    });
    ended.catch(() => {});
    await Promise.race([answers(docker), ended]);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const dispose = async () => {
    await end('SIGTERM');
    // After a kill its containerd, and the shims of containers, may have outlived it.
    for (const pid of processesOf(folder.path)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
      await gone(pid);
    }
    for (const place of mountsBelow(folder.path)) spawnSync('umount', ['--lazy', place]);
    folder[Symbol.dispose]();
  };
  try {
    await start();
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
  return {
    socket,
    host: `unix://${socket}`,
    docker,
    async kill() {
      await end('SIGKILL');
      // It goes with dockerd; where nobody collects it, its number would be taken for one that lives.
      rmSync(inFolder('exec/containerd/containerd.pid'), { force: true });
    },
    start,
    [Symbol.asyncDispose]: dispose,
  };
}

/** An engine has no other way to say that it is up. */
async function answers(docker: Docker): Promise<void> {
  for (;;) {
    try {
      await docker.ping();
      return;
    } catch {
      await delay(50);
    }
  }
}

/** Ids of processes that were started with a path in this folder. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => existsSync(`/proc/${pid}/cmdline`) && commandOf(pid).includes(folder))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Deepest first. */
const mountsBelow = (folder: string): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((place) => place.startsWith(`${folder}/`))
    .sort()
    .reverse();
