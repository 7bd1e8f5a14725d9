import { randomBytes } from 'node:crypto';
import { OspainError } from '../../../../protocol/index.ts';
import type { Log } from '../../../log.ts';
import type { After } from '../../../timer.ts';
import type { Wanted, WorkerRuntime } from '../runtime.ts';
import { begin, type Contained } from './contained.ts';
import { containerOptions } from './containerOptions.ts';
import { lost, openEngine } from './engine.ts';
import type { WantedImage } from './image.ts';
import { labelsOf, type Owner } from './leftovers.ts';
import { fileMounts, fileTarget, folderMounts, inFolders, type Mount } from './mounts.ts';
import { type ReadyEngine, readyEngine } from './readyEngine.ts';

export interface ContainerRuntimeOptions {
  env: NodeJS.ProcessEnv;
  owner: Owner;
  /** Absolute paths of folders with models, which every worker may read. */
  folders: readonly string[];
  /** The worker that the image must hold. */
  image(): WantedImage;
  /** Threads that a worker computes with; 0 lets it choose. */
  threads: number;
  /** Keeps a started container that waits for a model: starting one is what costs. */
  keepsSpare: boolean;
  after: After;
  log: Log;
}

/** Milliseconds after a start before another container is made ready, so that the model loads undisturbed. */
const CALM = 3000;
/** How often to look whether an engine that went away is back. Milliseconds. */
const LOOK_EVERY = 1000;
/** What a worker may take beyond what its model was let in with, so that no honest one is ended: half as much, and bytes. */
const MARGIN = 1.5;
const AROUND = 1e9;

/** Workers in containers that reach nothing but the files of models. Nothing falls back to processes. */
export function createContainerRuntime(options: ContainerRuntimeOptions): WorkerRuntime {
  const { env, owner, folders, threads, after, log } = options;
  const alive = new Map<string, Contained>();
  const shared = folderMounts(folders);
  let engine: Promise<ReadyEngine> | null = null;
  let obstacle: OspainError | null = null;
  let spare: Contained | null = null;
  let isComing = false;
  let canLimit = options.keepsSpare;
  let disposed = false;
  let cancelLook = () => {};
  let cancelSpare = () => {};

  const ready = (): Promise<ReadyEngine> => {
    if (engine !== null) return engine;
    const mine = readyEngine({
      ...{ env, owner },
      wanted: options.image,
      isKnown: (name) => alive.has(name),
      onSwept: (names) => log.warn(`removed containers that were left behind: ${names.join(', ')}`),
    });
    engine = mine;
    const forget = () => {
      if (engine === mine) engine = null;
    };
    mine.then(({ deaths, address }) => {
      obstacle = null;
      void deaths.ended.then(() => {
        forget();
        if (!disposed) lose(address);
      });
    }, forget);
    return mine;
  };

  /** Tasks wait until the engine is back. */
  const lose = (address: string) => {
    obstacle = lost(address);
    log.warn(obstacle.message);
    const look = async () => {
      try {
        await (await openEngine(env)).docker.ping();
        obstacle = null;
        log.info(`the container engine at ${address} is back`);
        soon();
      } catch {
        if (!disposed) cancelLook = after(LOOK_EVERY, () => void look());
      }
    };
    cancelLook();
    cancelLook = after(LOOK_EVERY, () => void look());
  };

  const start = (mounts: readonly Mount[], pathOf: (file: string) => string, need: number | null): Contained => {
    const name = `ospain2-${randomBytes(6).toString('hex')}`;
    const contained = begin({
      name,
      engine: ready,
      pathOf,
      options: ({ image, cpus, memory, rootless }) =>
        containerOptions({
          ...{ name, image, mounts },
          labels: labelsOf(owner),
          user: userOf(rootless),
          memory: need === null ? memory : Math.min(memory, roomFor(need)),
          // As many as there are keeps a worker that chooses by itself from computing with more threads than it has.
          cpus: threads === 0 ? cpus : Math.min(cpus, threads + 1),
        }),
    });
    alive.set(name, contained);
    void contained.exited.then(() => {
      alive.delete(name);
      if (spare === contained) spare = null;
    });
    return contained;
  };

  const inShared = (file: string): string => inFolders(folders, file) ?? fileTarget(file);

  /** Makes a container ready for the next model, unless the engine cannot limit one that runs. */
  const keepSpare = async () => {
    if (disposed || isComing || spare !== null || !canLimit) return;
    isComing = true;
    const mine = start(shared, inShared, null);
    try {
      const { memory } = await ready();
      const container = await mine.started;
      canLimit = await container.limit(memory).then(
        () => true,
        () => false,
      );
      if (canLimit && !disposed) spare = mine;
      else mine.input.end();
    } finally {
      isComing = false;
    }
  };
  const soon = () => {
    cancelSpare();
    cancelSpare = after(CALM, () => void keepSpare().catch(untold));
  };
  /** Whoever asks for a model is told the same. */
  const untold = (thrown: unknown) =>
    log.warn(`workers in containers are not possible yet: ${OspainError.from(thrown).message}`);
  ready().catch(untold);

  return {
    hasBackends: false,
    get obstacle() {
      return obstacle;
    },
    start(wanted?: Wanted) {
      const isShared = wanted === undefined || inFolders(folders, wanted.file) !== null;
      const warm = isShared ? spare : null;
      if (warm !== null) {
        spare = null;
        if (wanted !== undefined) warm.limit(roomFor(wanted.need));
      }
      const need = wanted?.need ?? null;
      const contained =
        warm ?? (isShared ? start(shared, inShared, need) : start(fileMounts(wanted.file), fileTarget, need));
      soon();
      return contained;
    },
    async dispose() {
      disposed = true;
      cancelLook();
      cancelSpare();
      spare?.input.end();
      // Those of the pool were ended by it; what is left waits for nobody.
      await Promise.all([...alive.values()].map(({ exited }) => exited));
      (await engine?.catch(() => null))?.deaths.close();
    },
  };
}

const roomFor = (need: number): number => need * MARGIN + AROUND;

/** Whoever may read the models here; without a number on Windows, where the engine does not ask. */
function userOf(rootless: boolean): string | undefined {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  if (rootless) return '0:0';
  return uid === undefined || gid === undefined ? undefined : `${uid}:${gid}`;
}
