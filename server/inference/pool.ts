import { randomInt } from 'node:crypto';
import { OspainError } from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import type { Log } from '../log.ts';
import type { ModelState, Registry, StoredModel } from '../models/registry.ts';
import { type After, after as realAfter } from '../timer.ts';
import type { Answer, Completion, Generation, TextEngine } from './engine.ts';
import { stopping } from './failures.ts';
import { createFootprints } from './footprint.ts';
import { createGpuUse } from './gpuUse.ts';
import { startHolder } from './holder.ts';
import { createKeeper, type Keeper, type WorkerStatus } from './keeper.ts';
import { createMemory, type RoomFor } from './memory.ts';
import type { FreshState } from './parkedStates.ts';
import { paysToPark } from './parkingGain.ts';
import { createQuarantine } from './quarantine.ts';
import type { Readings } from './readings.ts';
import type { ProcessMemory } from './runtimes/processMemory.ts';
import type { WorkerRuntime } from './runtimes/runtime.ts';
import type { Worker } from './worker.ts';

export interface PoolOptions {
  registry: Pick<Registry, 'resolve' | 'setState' | 'markLoaded' | 'setProblem'>;
  /** Threads that one worker computes with; 0 chooses. */
  threads: number;
  /** Conversations of one model at one time, where memory allows. */
  conversations: number;
  /** Bytes that all models together may take; as much as there is when not given. */
  memoryBytes?: number | undefined;
  /** Milliseconds after which a worker that nobody asks for is ended; 0 is never. */
  idleMs: number;
  /** Whether a graphics processor may compute, where there is one. */
  gpu: 'auto' | false;
  /** Absolute path of a folder that may hold builds of llama.cpp for graphics processors. */
  backends?: string;
  audit: RecordAudit;
  log: Log;
  now: () => number;
  after?: After;
  /** Where workers run; it ends with the pool. */
  runtime: WorkerRuntime;
  /** Told of every answer. */
  readings?: Pick<Readings, 'answer'>;
  /** Bytes that this process could still get without swapping. */
  availableBytes?: () => number;
  memoryOf?(worker: Worker): ProcessMemory | null;
}

/** The engine: one worker process a model, started when it is needed and kept warm. */
export interface Pool extends TextEngine {
  status(): WorkerStatus[];
  /** Gets a model ready, also one that crashed or hung before; resolves with the milliseconds that it took. */
  load(model: string, signal: AbortSignal): Promise<number>;
  /**
   * Ends the worker of a model, if it has one, and resolves when it is gone. What it was saying rejects with
   * `worker_failed`; the result says how many requests that were.
   */
  unload(model: string): Promise<{ unloaded: boolean; interrupted: number }>;
  /** Whether a model is loaded, or could be while those that are `expected` are too; unknown names are left out. */
  roomFor(model: string, expected: readonly string[]): RoomFor;
  /**
   * Keeps models loaded that somebody works with and may ask nothing of for a while, by name or alias; `names` is asked each
   * time. Until the returned function is called.
   */
  hold(names: () => readonly string[]): () => void;
  /**
   * Hands on the state of a conversation that has `least` evaluated tokens, where its model is loaded and restoring it takes
   * less time than evaluating it again would.
   */
  park(
    what: { model: string; conversation: string; least: number },
    keep: (state: FreshState) => Promise<void>,
  ): Promise<void>;
  /** Why no worker can be started for the moment, one clause; null when nothing is known against it. */
  obstacle(): string | null;
  /** Ends all workers and resolves when they are gone. */
  dispose(): Promise<void>;
}

export function createPool(options: PoolOptions): Pool {
  const {
    registry,
    audit,
    log,
    now,
    threads,
    idleMs,
    after = realAfter,
    memoryOf = (worker) => worker.memory(),
  } = options;
  const { runtime } = options;
  const keepers = new Map<string, Keeper>();
  const holds = new Set<() => readonly string[]>();
  let disposed = false;

  const setState = ({ name, version }: StoredModel, state: ModelState) => {
    // While the last workers go, the registry's database may be closed already.
    if (!disposed) registry.setState(name, version, state);
  };
  const quarantine = createQuarantine((name, version, problem) => {
    if (!disposed) registry.setProblem(name, version, problem);
  });
  const footprintOf = createFootprints();
  const availableBytes = options.availableBytes ?? (() => process.availableMemory());
  const memory = createMemory({
    keepers: () => keepers.values(),
    footprintOf,
    conversations: options.conversations,
    mostBytes: options.memoryBytes ?? Number.POSITIVE_INFINITY,
    availableBytes,
  });
  const gpuUse = createGpuUse(options.gpu, options.backends);
  const holderDeps = { registry, setState, quarantine, gpuUse, runtime, threads, after, now, audit, log };

  const keeperOf = (model: StoredModel): Keeper => {
    const key = keyOf(model);
    const keeper: Keeper =
      keepers.get(key) ??
      createKeeper(model, {
        quarantine,
        makeRoom: (keeper, enter) =>
          memory.makeRoom(keeper, (place) => {
            if (disposed) throw stopping();
            return enter(place);
          }),
        start: (model, fingerprint, place) => startHolder(holderDeps, model, fingerprint, place),
        stays: (model) => (isPinned(model) ? 'pinned' : isHeld(keeper) ? 'in use' : null),
        ...{ memoryOf, idleMs, after, now },
      });
    keeper.model = model;
    keepers.set(key, keeper);
    return keeper;
  };
  const find = (name: string): Keeper => {
    if (disposed) throw stopping();
    return keeperOf(registry.resolve(name));
  };
  const known = (names: readonly string[]): Keeper[] =>
    names.flatMap((name) => {
      try {
        return keeperOf(registry.resolve(name));
      } catch {
        // That there is no such model is for whoever asks it to say.
        return [];
      }
    });

  /** Now; the keeper knows how it was when somebody last asked. */
  const isPinned = (model: StoredModel): boolean => known([keyOf(model)]).some((keeper) => keeper.model.pinned);
  const isHeld = (keeper: Keeper): boolean => [...holds].some((names) => known(names()).includes(keeper));

  type Speak = (worker: Worker, onText: (text: string) => void) => Promise<Answer>;
  const speak = async (request: Generation | Completion, ask: Speak): Promise<Answer> => {
    const keeper = find(request.model);
    return keeper.use(request, async (worker, identity) => {
      if ('parked' in request) await restore(worker, identity, request);
      const reading = options.readings?.answer(keyOf(keeper.model));
      const answer = await ask(worker, (text) => {
        reading?.piece();
        // Whoever aborted was already told and must hear nothing more.
        if (!request.signal.aborted) request.onText(text);
      });
      keeper.note(answer.usage);
      reading?.end(answer.usage);
      return answer;
    });
  };

  /** What was parked only saves time: without it all is evaluated again. */
  const restore = async (worker: Worker, identity: string, request: Generation): Promise<void> => {
    const { conversation, parked, signal } = request;
    if (parked?.identity !== identity) return;
    try {
      await worker.restore({ conversation, tokens: parked.tokens }, signal, (file) => parked.fill(file));
    } catch (thrown) {
      log.info(`a parked conversation is evaluated again: ${OspainError.from(thrown).code}`);
    }
  };

  return {
    describe(name) {
      const { name: known, version, profile, contextLength } = registry.resolve(name);
      return { name: known, version, profile, contextLength };
    },
    generate(generation) {
      const { model: _model, signal, onText: _onText, onLoading: _onLoading, onReady: _onReady, ...more } = generation;
      const { parked: _parked, onThinking, ...asked } = more;
      const params = { seed: randomInt(MAX_SEED), ...asked };
      const thinks = () => {
        if (!signal.aborted) onThinking?.();
      };
      return speak(generation, (worker, onText) => worker.generate(params, signal, onText, thinks));
    },
    complete(completion) {
      const { model: _model, signal, onText: _onText, onLoading: _onLoading, onReady: _onReady, ...asked } = completion;
      const params = { seed: randomInt(MAX_SEED), ...asked };
      return speak(completion, (worker, onText) => worker.complete(params, signal, onText));
    },
    embed: async ({ model, signal, ...params }) =>
      find(model).use({ signal }, (worker) => worker.embed(params, signal)),
    status: () => [...keepers.values()].flatMap((keeper) => keeper.status() ?? []),
    async load(model, signal) {
      quarantine.lift(find(model).model);
      const keeper = find(model);
      let took = 0;
      const onReady = (ms: number) => {
        took = ms;
      };
      await keeper.use({ signal, onReady }, async () => {});
      return took;
    },
    async unload(model) {
      const keeper = find(model);
      const unloaded = keeper.occupant() !== null;
      const interrupted = keeper.requests;
      await keeper.end('it was unloaded');
      return { unloaded, interrupted };
    },
    roomFor: (model, expected) => memory.roomFor(find(model), known(expected)),
    hold(names) {
      holds.add(names);
      return () => holds.delete(names);
    },
    async park({ model, conversation, least }, keep) {
      const keeper = find(model);
      const perToken = footprintOf(keeper.model).conversation / keeper.model.contextLength;
      if (!paysToPark(perToken, keeper.promptRate)) return;
      const most = Math.floor((availableBytes() * MEMORY_SHARE) / perToken);
      await keeper.visit((worker, identity) =>
        worker.park({ conversation, least, most }, (file, parked) => keep({ ...parked, identity, file })),
      );
    },
    obstacle: () => runtime.obstacle?.message ?? null,
    async dispose() {
      disposed = true;
      await Promise.all([...keepers.values()].map((keeper) => keeper.end('the server is stopping')));
      await runtime.dispose();
    },
  };
}

const keyOf = ({ name, version }: StoredModel): string => `${name}@${version}`;

/** Part of the free memory that a state may take on its way to the disk. */
const MEMORY_SHARE = 1 / 4;

/** llama.cpp's seeds are 32 bits. */
const MAX_SEED = 2 ** 32;
