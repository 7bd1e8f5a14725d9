import type { ContainerCreateOptions } from 'dockerode';
import { WORKER_ENV } from '../workerEnv.ts';
import type { Mount } from './mounts.ts';

export interface ContainerWish {
  name: string;
  image: string;
  labels: Readonly<Record<string, string>>;
  /** `uid:gid` of the machine; that of the image when undefined. */
  user: string | undefined;
  mounts: readonly Mount[];
  /** Bytes of memory, swap included. */
  memory: number;
  /** Processors that it may keep busy. */
  cpus: number;
}

/** Threads of Node, llama.cpp and the init program; fewer than 64 make node-llama-cpp fail with a misleading error. */
const PIDS = 64;
const TMP = 'rw,noexec,nosuid,nodev,mode=1777,size=64m';

/**
 * A container that can reach the model files and its own standard streams, and nothing else. It ends when its standard input
 * closes, which it does with the server, and is then removed.
 */
export const containerOptions = (wish: ContainerWish): ContainerCreateOptions => ({
  name: wish.name,
  Image: wish.image,
  Labels: { ...wish.labels },
  ...(wish.user !== undefined && { User: wish.user }),
  Env: Object.entries({ ...WORKER_ENV, HOME: '/tmp' }).map(([name, value]) => `${name}=${value}`),
  OpenStdin: true,
  StdinOnce: true,
  AttachStdin: true,
  AttachStdout: true,
  AttachStderr: true,
  Tty: false,
  NetworkDisabled: true,
  HostConfig: {
    NetworkMode: 'none',
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ...memoryLimit(wish.memory),
    NanoCpus: Math.round(wish.cpus * 1e9),
    PidsLimit: PIDS + 2 * Math.ceil(wish.cpus),
    // A first process that ignores no signal, and collects what the worker leaves.
    Init: true,
    AutoRemove: true,
    Tmpfs: { '/tmp': TMP },
    // Not Binds: those make a folder on the machine where the source is missing.
    Mounts: wish.mounts.map(({ source, target }) => ({ Type: 'bind', Source: source, Target: target, ReadOnly: true })),
    // What a worker says on standard error is read here, and kept nowhere.
    LogConfig: { Type: 'none', Config: {} },
    // A dump of memory would hold prompts.
    Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
  },
});

/** Without swap: what is swapped out lies on a disk. */
export const memoryLimit = (bytes: number) => ({ Memory: Math.ceil(bytes), MemorySwap: Math.ceil(bytes) });
