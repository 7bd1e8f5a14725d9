import { constants } from 'node:os';
import type { Duplex, Writable } from 'node:stream';
import type { Container, ContainerCreateOptions } from 'dockerode';
import { OspainError } from '../../../../protocol/index.ts';
import type { Exit } from '../runtime.ts';
import { attach } from './attach.ts';
import { memoryLimit } from './containerOptions.ts';
import { engineError, lost, statusOf } from './engine.ts';
import type { ReadyEngine } from './readyEngine.ts';

export interface Streams {
  /** What is written goes to the worker. */
  input: NodeJS.ReadableStream;
  output: Writable;
  errors: Writable;
}

/** A container that was started. */
export interface Started {
  readonly id: string;
  /** The first process in it as the engine's machine counts; 0 when it is gone already. */
  readonly pid: number;
  /** Resolves when it is gone and everything it said was read; both streams out of it have ended then. */
  readonly exited: Promise<Exit>;
  /** Lets it take so many bytes of memory from now on. */
  limit(bytes: number): Promise<void>;
  kill(): void;
}

/** How long the engine may take to tell what it must know by now, in milliseconds. */
const PATIENCE = 5000;
/** By what a shell, Docker and its init program say of signals: 128 and the number. */
const SIGNAL_EXIT = 128;

/**
 * Creates a container, attaches to it and starts it, in this order: what it says first is heard, too. Rejects with the error
 * of the engine, called as we do, and leaves nothing behind.
 */
export async function startContainer(
  engine: ReadyEngine,
  options: ContainerCreateOptions,
  streams: Streams,
): Promise<Started> {
  const { docker, address } = engine;
  let container: Container | null = null;
  let stream: Duplex | null = null;
  try {
    container = await docker.createContainer(options);
    stream = await attach(container);
    const exited = watch(engine, container, stream, streams);
    await container.start();
    const { id } = container;
    const pid = (await container.inspect().catch(() => null))?.State.Pid ?? 0;
    return {
      id,
      pid,
      exited,
      limit: async (bytes) => void (await docker.getContainer(id).update(memoryLimit(bytes))),
      // One that is gone, or whose engine is, cannot be killed; its streams tell.
      kill: () => void kill(docker.getContainer(id), stream),
    };
  } catch (thrown) {
    stream?.destroy();
    await container?.remove({ force: true }).catch(() => {});
    if (statusOf(thrown) === 404 && /image/i.test(String(thrown))) throw engine.imageGone(thrown);
    throw engineError(thrown, address);
  }
}

async function kill(container: Container, stream: Duplex | null): Promise<void> {
  try {
    await Promise.race([container.kill(), late(PATIENCE).then(() => Promise.reject(new Error('late')))]);
  } catch {
    stream?.destroy();
  }
}

/** Resolves with how it ended; asked before it is started, so that no end is missed. */
async function watch(engine: ReadyEngine, container: Container, stream: Duplex, streams: Streams): Promise<Exit> {
  const { docker, deaths, address } = engine;
  const closed = new Promise<void>((resolve) => {
    for (const how of ['end', 'close', 'error']) stream.once(how, () => resolve());
  });
  stream.on('error', () => {});
  docker.modem.demuxStream(stream, streams.output, streams.errors);
  streams.input.pipe(stream);
  const status = container.wait({ condition: 'next-exit' }).then(
    ({ StatusCode }: { StatusCode: number }) => StatusCode,
    () => null,
  );
  await closed;
  streams.output.end();
  streams.errors.end();
  // When the engine is killed, nobody answers `wait` any more: only its socket tells.
  const code = await Promise.race([status, silence(engine)]);
  if (code === 'lost') return { code: null, signal: null, failure: lost(address) };
  if (code === null) return { code: null, signal: null };
  const signal = signalOf(code);
  if (signal === 'SIGKILL' && (await deaths.ofMemory(container.id)))
    return { code: null, signal, failure: tookTooMuch() };
  return signal === null ? { code, signal } : { code: null, signal };
}

/** `lost` as soon as the engine does not answer, null when it does and has nothing to say of the container. */
async function silence({ docker }: ReadyEngine): Promise<'lost' | null> {
  await late(PATIENCE / 50);
  try {
    await Promise.race([docker.ping(), late(PATIENCE).then(() => Promise.reject(new Error('late')))]);
  } catch {
    return 'lost';
  }
  await late(PATIENCE);
  return null;
}

const signalOf = (code: number): NodeJS.Signals | null => {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - SIGNAL_EXIT);
  return code > SIGNAL_EXIT && found !== undefined ? (found[0] as NodeJS.Signals) : null;
};

const tookTooMuch = (): OspainError =>
  new OspainError('worker_failed', 'The worker was ended in its container: it took more memory than it may.', {
    hint: 'Use a smaller model, or let the containers have more: docs/containers.md says how.',
  });

const late = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
