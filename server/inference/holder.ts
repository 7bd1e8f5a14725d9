import { OspainError } from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import type { Log } from '../log.ts';
import { MAX_CONTEXT, type ModelState, type Registry, type StoredModel } from '../models/registry.ts';
import type { After } from '../timer.ts';
import { modelCrashed, modelUnreadable, workerFailed } from './failures.ts';
import type { GpuUse } from './gpuUse.ts';
import type { Quarantine } from './quarantine.ts';
import type { WorkerRuntime } from './runtimes/runtime.ts';
import { createWatch, type Watch } from './watch.ts';
import { startWorker, type Worker } from './worker.ts';
import { WorkerDeath } from './workerDeath.ts';
import type { Loaded } from './workerProtocol.ts';

/** What a model is let into memory with. */
export interface Place {
  conversations: number;
  /** Bytes. */
  need: number;
}

/** A worker process and the file that it holds, from its start until it is gone. */
export interface Holder {
  readonly worker: Worker;
  /** The state of the file. */
  readonly fingerprint: string;
  readonly place: Place;
  /** Resolves when it can speak; rejects with `model_unreadable`, `model_crashed` or `worker_failed` when it is gone. */
  readonly ready: Promise<Holder>;
  /** What evaluates here; see `ParkedState`. Empty while it loads. */
  readonly identity: string;
  /** What the worker says of the model; null while it loads. */
  readonly loaded: Loaded | null;
  readonly isEnding: boolean;
  /** It was not ready, perhaps because of a graphics processor: without one it may be. */
  readonly failedWithGpu: boolean;
  /** For what is asked of the worker after it has loaded: one that is silent for too long is ended. */
  readonly watch: Watch;
  /** What the worker's death is called; other errors as they are. */
  explain(error: unknown): unknown;
  /** Ends the process and resolves when it is gone; what is open rejects. */
  end(why: string): Promise<void>;
}

export interface HolderDeps {
  registry: Pick<Registry, 'markLoaded'>;
  setState(model: StoredModel, state: ModelState): void;
  quarantine: Quarantine;
  gpuUse: GpuUse;
  runtime: WorkerRuntime;
  /** Threads that one worker computes with; 0 chooses. */
  threads: number;
  after: After;
  now: () => number;
  audit: RecordAudit;
  log: Log;
}

/** Starts a worker; throws `worker_failed` where no process can be started. */
export function startHolder(deps: HolderDeps, model: StoredModel, fingerprint: string, place: Place): Holder {
  const { registry, setState, quarantine, gpuUse, after, now, audit, log } = deps;
  const { backends, ...computeWith } = gpuUse.choose(fingerprint);
  let loaded: Loaded | null = null;
  /** Why this server ended it: the worker's own doing, or somebody's wish. */
  let hung: string | null = null;
  let ended: string | null = null;
  let isEnding = false;
  let failedWithGpu = false;

  const watchOver = (limitMs: number, what: string): Watch =>
    createWatch(limitMs, after, () => {
      hung = `it ${what} ${Math.round(limitMs / 60_000)} minutes`;
      log.warn(`worker ${worker.name} of ${model.name} is ended: ${hung}`);
      void end();
    });
  const watch = watchOver(silenceLimit(model), 'gave no sign of life for');
  const worker = startWorker(deps.runtime, {
    wanted: { file: model.artifact, need: place.need },
    onSign: () => watch.sign(),
  });
  const end = () => {
    isEnding = true;
    return worker.dispose();
  };
  const explain = (error: unknown): unknown =>
    error instanceof WorkerDeath ? workerFailed(model, error, hung ?? ended) : error;

  /** Not where there is none, as the worker said before it read the file, and not when somebody ended it. */
  const mayBlameGpu = () => computeWith.gpu !== false && worker.backend?.gpu !== null && ended === null;

  const blameGpu = (what: string) => {
    gpuUse.avoid(fingerprint);
    log.warn(`${model.name} is loaded without a graphics processor: with ${worker.backend?.gpu ?? 'one'}, ${what}`);
  };
  /** What the worker did itself; null where somebody ended it. */
  const faultOf = (death: WorkerDeath): string | null =>
    hung ?? (death.isCrash ? `it crashed (${crash(death)})` : null);

  const failure = (error: unknown): unknown => {
    const fault = error instanceof WorkerDeath ? faultOf(error) : null;
    if (mayBlameGpu() && (fault !== null || error instanceof OspainError)) {
      failedWithGpu = true;
      blameGpu(fault ?? 'it was refused');
      setState(model, 'idle');
      return explain(error);
    }
    const isUnreadable = error instanceof OspainError && error.code === 'model_unreadable';
    setState(model, isUnreadable || fault !== null ? 'failed' : 'idle');
    if (isUnreadable) return modelUnreadable(model, error);
    if (fault === null) return explain(error);
    const reason = `When it was loaded, ${fault}.`;
    quarantine.put(model, fingerprint, reason);
    return modelCrashed(model, reason);
  };

  const load = async (): Promise<Holder> => {
    setState(model, 'loading');
    const done = watchOver(loadLimit(model), 'was not ready after').begin();
    try {
      loaded = await worker.load({
        path: model.artifact,
        contextSize: MAX_CONTEXT,
        sequences: place.conversations,
        threads: deps.threads,
        ...computeWith,
        ...(backends !== undefined && deps.runtime.hasBackends && { backends }),
        embedding: model.abilities.includes('embed') && !model.abilities.includes('chat'),
      });
    } catch (error) {
      await end();
      throw failure(error);
    } finally {
      done();
      for (const note of worker.backend?.notes ?? []) log.warn(note);
    }
    registry.markLoaded(model.name, model.version, { at: now(), contextLength: loaded.contextLength });
    const { sha256, bytes } = model;
    const details = { sha256: sha256 ?? null, bytes, worker: worker.pid ?? null };
    audit({ type: 'model.loaded', subject: `${model.name}@${model.version}`, details });
    quarantine.lift(model);
    setState(model, 'ready');
    void worker.died.then((death) => {
      setState(model, 'idle');
      // What was being said is lost, but whoever says it again is answered more slowly rather than never.
      const fault = faultOf(death);
      if (fault !== null && mayBlameGpu()) blameGpu(fault);
    });
    log.info(`${model.name} loaded by worker ${worker.name} in ${Math.round(loaded.loadMs)} ms`);
    return holder;
  };

  void worker.died.then((death) => log.info(`worker ${worker.name} of ${model.name} ended (${death.how})`));
  const ready = load();
  // Whoever waited for it may have given up.
  ready.catch(() => {});
  const holder: Holder = {
    worker,
    fingerprint,
    place,
    ready,
    get identity() {
      return loaded === null ? '' : [model.sha256 ?? '', fingerprint, loaded.contextLength, loaded.build].join(' ');
    },
    get loaded() {
      return loaded;
    },
    get isEnding() {
      return isEnding;
    },
    get failedWithGpu() {
      return failedWithGpu;
    },
    watch,
    explain,
    end(why) {
      if (!isEnding) log.info(`${model.name} is unloaded: ${why}`);
      ended ??= why;
      return end();
    },
  };
  return holder;
}

const crash = ({ how, lastWords }: WorkerDeath): string => [how, lastWords].filter(Boolean).join(': ');

/*
 * Generous limits, in milliseconds: a disk gives 20 MB a second at least, and a part of a prompt takes no longer than
 * reading the weights at 50 MB a second would. The slowest honest worker must not be taken for one that hangs.
 */
const loadLimit = ({ bytes }: StoredModel): number => 120_000 + bytes / 20_000;
const silenceLimit = ({ bytes }: StoredModel): number => 120_000 + bytes / 50_000;
