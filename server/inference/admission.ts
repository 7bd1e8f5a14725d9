import type { Task } from '../../protocol/index.ts';
import type { Log } from '../log.ts';
import type { Registry, StoredModel } from '../models/registry.ts';
import type { Pool } from './pool.ts';

export interface AdmissionDeps {
  registry: Pick<Registry, 'resolve'>;
  pool: Pick<Pool, 'status' | 'unload'>;
  log: Log;
  /** Bytes that this process could still get without swapping. */
  availableBytes?: () => number;
}

/** Why a task must wait for memory, in words; null when its model is loaded or fits beside what is. */
export type Admit = (task: Task, running: readonly Task[]) => string | null;

/** A loaded model takes its file and about a third of that for its context; and a process around it. Bytes. */
const needOf = ({ bytes }: StoredModel): number => bytes * 1.3 + 200e6;

/** Free memory never stands still; a reason that said every change of it would be an event each time. Bytes. */
const SAME = 500e6;

/**
 * Keeps a model that does not fit from being loaded. Warm workers of models that no running task uses make room first;
 * what other programs hold can only be waited for.
 */
export function createAdmission({ registry, pool, log, availableBytes = availableMemory }: AdmissionDeps): Admit {
  const told = new Map<string, { free: number; why: string }>();

  const find = (model: string): StoredModel | undefined => {
    try {
      return registry.resolve(model);
    } catch {
      // That there is no such model is for the attempt to say.
      return undefined;
    }
  };

  const makeRoom = (running: readonly Task[]): string[] => {
    const used = new Set(running.map(({ model }) => find(model)?.name));
    const warm = pool.status().filter(({ model, state }) => state === 'idle' && !used.has(model));
    for (const { model } of warm) {
      log.info(`${model} is unloaded to make room for another model`);
      pool.unload(model).catch(() => log.warn(`${model} could not be unloaded`));
    }
    return warm.map(({ model }) => model);
  };

  return (task, running) => {
    const model = find(task.model);
    if (model === undefined || pool.status().some((worker) => worker.model === model.name)) return null;
    const [need, free] = [needOf(model), availableBytes()];
    if (need <= free) {
      told.delete(model.name);
      return null;
    }
    const warm = makeRoom(running);
    if (warm.length > 0) return `waits for memory: unloads ${warm.join(', ')}`;
    const before = told.get(model.name);
    if (before && Math.abs(before.free - free) < SAME) return before.why;
    const why = `waits for memory: needs ${gigabytes(need)} GB, ${gigabytes(free)} free`;
    told.set(model.name, { free, why });
    return why;
  };
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

/** What the system can give at once, with caches that it would drop, within the limits of a container. */
const availableMemory = (): number => process.availableMemory();
