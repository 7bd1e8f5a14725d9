import { randomInt } from 'node:crypto';
import { OspainError, type ServerStatus } from '../../protocol/index.ts';
import type { Log } from '../log.ts';
import { checkModelFile } from '../models/modelFile.ts';
import { MAX_CONTEXT, type ModelState, type Registry, type StoredModel } from '../models/registry.ts';
import type { Answer, Generation, TextEngine } from './engine.ts';
import { createFifo, type Fifo } from './fifo.ts';
import { startWorker, type Worker } from './worker.ts';
import { WorkerDeath } from './workerDeath.ts';
import { createProcessRuntime, type WorkerRuntime } from './workerRuntime.ts';

export interface PoolOptions {
  registry: Pick<Registry, 'resolve' | 'setState' | 'markLoaded'>;
  /** Absolute path of the worker program. */
  workerProgram: string;
  /** Threads that one worker computes with; 0 chooses. */
  threads: number;
  log: Log;
  now: () => number;
  /** Where workers run; as child processes when not given. */
  runtime?: WorkerRuntime;
}

export type WorkerStatus = ServerStatus['workers'][number];

/** The engine: one worker process a model, started when it is needed and kept warm. */
export interface Pool extends TextEngine {
  status(): WorkerStatus[];
  /** Ends the worker of a model, if it has one; what it was saying rejects with `worker_failed`. */
  unload(model: string): Promise<void>;
  /** Ends all workers and resolves when their processes are gone. */
  dispose(): Promise<void>;
}

/** Conversations of a model whose evaluated prefix is kept. */
const CONVERSATIONS = 2;

/** Everything of one model: requests wait in `fifo`, so at most one of them starts, loads or speaks. */
interface Lane {
  readonly fifo: Fifo;
  worker: Worker | null;
  state: WorkerStatus['state'];
  model: StoredModel;
  /** The state of the file that the worker holds. */
  fingerprint: string;
  /** A file that crashed its worker is not tried again until it changes. */
  quarantine: { fingerprint: string; how: string } | null;
}

export function createPool(options: PoolOptions): Pool {
  const { registry, log, now, threads } = options;
  const runtime = options.runtime ?? createProcessRuntime(options.workerProgram);
  const lanes = new Map<string, Lane>();
  let disposed = false;

  const laneOf = (model: StoredModel): Lane => {
    const key = `${model.name}@${model.version}`;
    const lane = lanes.get(key) ?? {
      fifo: createFifo(),
      worker: null,
      state: 'starting',
      model,
      fingerprint: '',
      quarantine: null,
    };
    lane.model = model;
    lanes.set(key, lane);
    return lane;
  };

  const setState = ({ model }: Lane, state: ModelState) => {
    // While the last workers go, the registry's database may be closed already.
    if (!disposed) registry.setState(model.name, model.version, state);
  };

  /** The lane's worker with the file as it is now; starts one when there is none. */
  const readyWorker = async (lane: Lane, generation: Generation): Promise<Worker> => {
    const fingerprint = checkModelFile(lane.model.artifact, lane.fingerprint);
    if (lane.worker !== null && lane.fingerprint === fingerprint) return lane.worker;
    if (lane.worker !== null) await lane.worker.dispose();
    if (lane.quarantine?.fingerprint === fingerprint) throw crashed(lane.model, lane.quarantine.how);
    tell(generation, generation.onLoading);
    const started = now();
    const worker = await load(lane, fingerprint);
    tell(generation, () => generation.onReady?.(now() - started));
    return worker;
  };

  const load = async (lane: Lane, fingerprint: string): Promise<Worker> => {
    const { model } = lane;
    const worker = startWorker(runtime);
    lane.worker = worker;
    lane.fingerprint = fingerprint;
    lane.state = 'starting';
    void worker.died.then((death) => {
      if (lane.worker === worker) lane.worker = null;
      setState(lane, 'idle');
      log.info(`worker ${worker.pid} of ${model.name} ended (${death.how})`);
    });
    setState(lane, 'loading');
    try {
      const loaded = await worker.load({
        path: model.artifact,
        contextSize: MAX_CONTEXT,
        sequences: CONVERSATIONS,
        threads,
      });
      lane.state = 'idle';
      registry.markLoaded(model.name, model.version, { at: now(), contextLength: loaded.contextLength });
      setState(lane, 'ready');
      log.info(`${model.name} loaded by worker ${worker.pid} in ${Math.round(loaded.loadMs)} ms`);
      return worker;
    } catch (error) {
      await worker.dispose();
      setState(lane, 'failed');
      if (error instanceof WorkerDeath && error.isCrash) {
        const how = [error.how, error.lastWords].filter(Boolean).join(': ');
        lane.quarantine = { fingerprint, how };
        throw crashed(model, how);
      }
      throw error instanceof OspainError && error.code === 'model_unreadable' ? unreadable(model, error) : error;
    }
  };

  const speak = async (worker: Worker, generation: Generation): Promise<Answer> => {
    const { conversation, system, turns, grammar, maxTokens, temperature, signal } = generation;
    signal.throwIfAborted();
    return worker.generate(
      {
        conversation,
        system,
        turns,
        ...(grammar && { grammar }),
        maxTokens,
        temperature,
        seed: generation.seed ?? randomInt(MAX_SEED),
      },
      signal,
      (text) => tell(generation, () => generation.onText(text)),
    );
  };

  const assertOpen = () => {
    if (disposed) throw new OspainError('unavailable', 'The server is stopping.');
  };

  return {
    describe(name) {
      const model = registry.resolve(name);
      const { version, profile, contextLength } = model;
      return { name: model.name, version, profile, contextLength };
    },
    generate: async (generation) => {
      const lane = laneOf(registry.resolve(generation.model));
      return lane.fifo.run(async () => {
        try {
          assertOpen();
          const worker = await readyWorker(lane, generation);
          lane.state = 'busy';
          return await speak(worker, generation);
        } catch (error) {
          throw error instanceof WorkerDeath ? failed(lane.model, error) : error;
        } finally {
          lane.state = 'idle';
        }
      }, generation.signal);
    },
    complete: async ({ model }) => {
      throw new OspainError('unavailable', `${registry.resolve(model).name} cannot complete text yet.`);
    },
    embed: async ({ model }) => {
      throw new OspainError('unavailable', `${registry.resolve(model).name} cannot embed text yet.`);
    },
    status: () =>
      [...lanes.values()].flatMap(({ worker, state, model }) =>
        worker === null ? [] : [{ pid: worker.pid, model: model.name, state }],
      ),
    async unload(name) {
      await laneOf(registry.resolve(name)).worker?.dispose();
    },
    async dispose() {
      disposed = true;
      await Promise.all([...lanes.values()].map(({ worker }) => worker?.dispose()));
    },
  };
}

/** llama.cpp's seeds are 32 bits. */
const MAX_SEED = 2 ** 32;

/** Whoever aborted was already told and must hear nothing more. */
function tell({ signal }: Generation, call: (() => void) | undefined): void {
  if (!signal.aborted) call?.();
}

const failed = (model: StoredModel, death: WorkerDeath): OspainError =>
  new OspainError('worker_failed', `The worker of ${model.name} ended in the middle of its work (${death.how}).`, {
    hint: 'Try again; if it happens often, the machine may be short of memory.',
    cause: death.lastWords === '' ? death : death.lastWords,
  });

const crashed = (model: StoredModel, how: string): OspainError =>
  new OspainError('model_crashed', `The model ${model.name} crashes when it is loaded.`, {
    hint: `Replace the file ${model.artifact}; it is not tried again before it changes.`,
    cause: how,
  });

const unreadable = (model: StoredModel, error: OspainError): OspainError =>
  new OspainError('model_unreadable', `The model ${model.name} cannot be loaded: ${error.message}`, {
    hint: 'Get the file again, or use another model.',
    cause: error,
  });
