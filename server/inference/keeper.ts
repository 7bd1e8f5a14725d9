import type { ServerStatus, Usage } from '../../protocol/index.ts';
import { checkModelFile } from '../models/modelFile.ts';
import type { StoredModel } from '../models/registry.ts';
import type { After } from '../timer.ts';
import { untilGivenUp } from './giveUp.ts';
import type { Holder, Place } from './holder.ts';

import type { Quarantine } from './quarantine.ts';
import type { Occupant } from './room.ts';
import type { ProcessMemory } from './runtimes/processMemory.ts';
import { createSpeed } from './speed.ts';
import type { Worker } from './worker.ts';

export type WorkerStatus = ServerStatus['workers'][number];

/** Whoever asks for a model. */
export interface Asker {
  signal: AbortSignal;
  /** Called when the model has to be loaded first. */
  onLoading?(): void;
  onReady?(ms: number): void;
}

export interface KeeperDeps {
  quarantine: Quarantine;
  start(model: StoredModel, fingerprint: string, place: Place): Holder;
  /** Calls `enter` as soon as there is room in memory, with nobody let in between; rejects with `memory_short`. */
  makeRoom(keeper: Keeper, enter: (place: Place) => Holder): Promise<Holder>;
  /** Why its worker stays although nobody asks for it. */
  stays(model: StoredModel): Occupant['stays'];
  memoryOf(worker: Worker): ProcessMemory | null;
  /** Milliseconds after which a worker that nobody asks for is ended; 0 is never. */
  idleMs: number;
  after: After;
  now: () => number;
}

/** A keeper's share of the memory. */
export interface KeptModel extends Occupant {
  keeper: Keeper;
  conversations: number;
  /** Bytes of `held` that the system counts as free. */
  mapped: number;
}

/** `identity` is what evaluates there. */
export type Work<T> = (worker: Worker, identity: string) => Promise<T>;

/** One version of a model, and its worker if it has one. */
export interface Keeper {
  /** As the registry knows it now. */
  model: StoredModel;
  /**
   * Has the worker do something; loads the model first where that is needed, once for all that wait. Rejects with
   * `signal.reason` as soon as the signal aborts; the worker is then left to notice the signal itself.
   */
  use<T>(asker: Asker, work: Work<T>): Promise<T>;
  /** Has the worker do something if the model is loaded. */
  visit(work: Work<void>): Promise<void>;
  /** Tokens of prompts a second; null when not known. */
  readonly promptRate: number | null;
  /** Ends the worker, if there is one. */
  end(why: string): Promise<void>;
  /** How many requests wait or are answered. */
  readonly requests: number;
  /** How an answer went. */
  note(usage: Usage): void;
  /** Null without a worker, as is the status. */
  occupant(): KeptModel | null;
  status(): WorkerStatus | null;
}

export function createKeeper(stored: StoredModel, deps: KeeperDeps): Keeper {
  const { quarantine, now } = deps;
  const speed = createSpeed();
  let model = stored;
  let holder: Holder | null = null;
  let loading: Promise<Holder> | null = null;
  /** Requests that wait or are answered, and those that the worker has. */
  let requests = 0;
  let speaking = 0;
  let usedAt = now();
  const onSilence: (() => void)[] = [];
  let cancelIdle = () => {};

  const warm = (fingerprint: string): Holder | null =>
    holder?.loaded && !holder.isEnding && holder.fingerprint === fingerprint ? holder : null;

  const load = async (fingerprint: string): Promise<Holder> => {
    const known = warm(fingerprint);
    if (known !== null) return known;
    quarantine.assertTried(model, fingerprint);
    if (holder !== null) {
      // What others are being told by the old file is told to its end.
      if (!holder.isEnding && speaking > 0) await new Promise<void>((resolve) => onSilence.push(resolve));
      await holder?.end('its file was replaced');
    }
    const mine = await deps.makeRoom(keeper, (place) => {
      holder = deps.start(model, fingerprint, place);
      return holder;
    });
    void mine.worker.died.then(() => {
      if (holder === mine) holder = null;
    });
    try {
      return await mine.ready;
    } catch (error) {
      if (!mine.failedWithGpu) throw error;
      // Only once: the next one is started without.
      return load(fingerprint);
    }
  };

  /** One load at a time, for all that wait; whoever comes while a worker ends waits for the next one. */
  const join = (fingerprint: string): Promise<Holder> => {
    if (loading !== null && holder?.isEnding !== true) return loading;
    const before = loading;
    const mine = (async () => {
      await before?.catch(() => {});
      return load(fingerprint);
    })();
    loading = mine;
    const settle = () => {
      if (loading === mine) loading = null;
    };
    mine.then(settle, settle);
    return mine;
  };

  /** The worker with the file as it is now. */
  const ready = async ({ signal, onLoading, onReady }: Asker): Promise<Holder> => {
    const fingerprint = checkModelFile(model.artifact, holder?.fingerprint);
    const known = loading === null ? warm(fingerprint) : null;
    if (known !== null) return known;
    const started = now();
    onLoading?.();
    const found = await untilGivenUp(join(fingerprint), signal);
    onReady?.(now() - started);
    return found;
  };

  const idle = () => {
    cancelIdle();
    if (deps.idleMs === 0) return;
    cancelIdle = deps.after(deps.idleMs, () => {
      if (holder === null) return;
      if (deps.stays(model) === null) void keeper.end('nobody asked for it any more');
      else idle();
    });
  };

  const come = () => {
    requests += 1;
    cancelIdle();
  };
  const go = () => {
    requests -= 1;
    usedAt = now();
    if (requests === 0) idle();
  };

  const speak = async <T>(found: Holder, work: Work<T>): Promise<T> => {
    const done = found.watch.begin();
    speaking += 1;
    try {
      return await work(found.worker, found.identity);
    } catch (error) {
      throw found.explain(error);
    } finally {
      done();
      speaking -= 1;
      if (speaking === 0) for (const tell of onSilence.splice(0)) tell();
    }
  };

  const keeper: Keeper = {
    get model() {
      return model;
    },
    set model(known) {
      model = known;
    },
    use(asker, work) {
      const job = async () => {
        come();
        try {
          return await speak(await ready(asker), work);
        } finally {
          go();
        }
      };
      asker.signal.throwIfAborted();
      return untilGivenUp(job(), asker.signal);
    },
    async visit(work) {
      if (!holder?.loaded || holder.isEnding) return;
      come();
      try {
        await speak(holder, work);
      } finally {
        go();
      }
    },
    get promptRate() {
      return speed.promptRate;
    },
    end: async (why) => holder?.end(why),
    get requests() {
      return requests;
    },
    note: (usage) => speed.add(usage),
    occupant() {
      if (holder === null) return null;
      const { worker, place, loaded } = holder;
      const memory = deps.memoryOf(worker);
      return {
        keeper,
        conversations: loaded?.sequences ?? place.conversations,
        name: model.name,
        held: memory?.resident ?? (loaded ? place.need : 0),
        mapped: memory?.mapped ?? 0,
        admitted: place.need,
        isLoading: loaded === null,
        usedAt,
        stays: requests > 0 ? 'in use' : deps.stays(model),
      };
    },
    status() {
      if (holder === null) return null;
      const { worker, place, loaded } = holder;
      const all = loaded?.sequences ?? place.conversations;
      return {
        pid: worker.pid,
        container: worker.container,
        model: model.name,
        version: model.version,
        state: loaded === null ? 'starting' : speaking > 0 ? 'busy' : 'idle',
        conversations: { used: Math.min(speaking, all), all },
        waiting: requests - Math.min(speaking, all),
        memoryBytes: deps.memoryOf(worker)?.resident ?? loaded?.memoryBytes ?? null,
        threads: loaded?.threads ?? null,
        gpu: loaded?.gpu ?? null,
        decodeRate: speed.rate,
      };
    },
  };
  return keeper;
}
