import { PassThrough } from 'node:stream';
import type { ContainerCreateOptions } from 'dockerode';
import { OspainError } from '../../../../protocol/index.ts';
import { readProcessMemory } from '../processMemory.ts';
import type { Exit, RunningWorker } from '../runtime.ts';
import { type Started, startContainer } from './container.ts';
import { workerPid } from './pidInside.ts';
import type { ReadyEngine } from './readyEngine.ts';

/** A worker in a container, from the wish for one on. */
export interface Contained extends RunningWorker {
  readonly container: string;
  /** Resolves when it runs; rejects when it cannot. */
  readonly started: Promise<Started>;
  /** Lets it take so many bytes; one that cannot be limited is ended. */
  limit(bytes: number): void;
}

export interface Begin {
  name: string;
  engine(): Promise<ReadyEngine>;
  options(engine: ReadyEngine): ContainerCreateOptions;
  /** How the worker calls a file of this machine. */
  pathOf(file: string): string;
}

/** Begins a container; until it runs, what the worker is told waits. That it could not be started is how it exits. */
export function begin({ name, engine, options, pathOf }: Begin): Contained {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let container: Started | null = null;
  let pid: number | null = null;
  let killed = false;

  const started = (async () => {
    const ready = await engine();
    container = await startContainer(ready, options(ready), { input, output, errors });
    if (killed) container.kill();
    return container;
  })();
  const exited = started.then(
    ({ exited }) => exited,
    (thrown: unknown): Exit => {
      output.end();
      errors.end();
      return { code: null, signal: null, failure: OspainError.from(thrown) };
    },
  );
  const kill = () => {
    killed = true;
    container?.kill();
  };
  const findPid = (): number | null => {
    if (container === null) return null;
    pid ??= workerPid(container.pid, container.id);
    return pid;
  };
  return {
    name,
    container: name,
    input,
    output,
    errors,
    // A file without a name cannot be handed into a container.
    memoryFile: null,
    started,
    exited,
    pathOf,
    get pid() {
      return findPid();
    },
    memory() {
      const found = findPid();
      return found === null ? null : readProcessMemory(found);
    },
    limit: (bytes) => void started.then((container) => container.limit(bytes)).catch(kill),
    kill,
  };
}
