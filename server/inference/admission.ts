import type { Task } from '../../protocol/index.ts';
import type { Registry, StoredModel } from '../models/registry.ts';
import { gigabytes } from './failures.ts';
import type { Pool } from './pool.ts';

export interface AdmissionDeps {
  registry: Pick<Registry, 'resolve'>;
  pool: Pick<Pool, 'roomFor' | 'obstacle'>;
}

/** Why a task must wait, in words; null when its model has a conversation for it and is loaded or fits beside what is. */
export type Admit = (task: Task, running: readonly Task[]) => string | null;

/** Models that compute at one time: each takes all cores, so that a third one would only slow down the others. */
const MODELS_AT_ONCE = 2;

/** Free memory never stands still; a reason that said every change of it would be an event each time. Bytes. */
const SAME = 500e6;

/** Lets tasks of one model speak side by side, as many as it has conversations; keeps one that does not fit from being loaded. */
export function createAdmission({ registry, pool }: AdmissionDeps): Admit {
  const told = new Map<string, { free: number; why: string }>();

  const find = (name: string): StoredModel | undefined => {
    try {
      return registry.resolve(name);
    } catch {
      // That there is no such model is for the attempt to say.
      return undefined;
    }
  };

  const memoryReason = (name: string, { need, free }: { need: number; free: number }): string => {
    const before = told.get(name);
    if (before && Math.abs(before.free - free) < SAME) return before.why;
    const why = `waits for memory: needs ${gigabytes(need)} GB, ${gigabytes(free)} free`;
    told.set(name, { free, why });
    return why;
  };

  return (task, running) => {
    const obstacle = pool.obstacle();
    if (obstacle !== null) return `waits: ${obstacle}`;
    const model = find(task.model);
    if (model === undefined) return null;
    const working = running.flatMap((other) => find(other.model) ?? []);
    const beside = working.filter((other) => isSame(other, model)).length;
    const models = [...new Set(working.map(({ name }) => name))];
    if (beside === 0 && models.length >= MODELS_AT_ONCE) return `waits while others work with ${models.join(' and ')}`;
    const room = pool.roomFor(
      task.model,
      running.map(({ model }) => model),
    );
    if (!room.fits) return memoryReason(model.name, room);
    told.delete(model.name);
    return beside < forTasks(room.conversations) ? null : `waits for a free conversation with ${model.name}`;
  };
}

/** One of several conversations stays free for whoever waits in front of the screen. */
const forTasks = (conversations: number): number => Math.max(1, conversations - 1);

const isSame = (one: StoredModel, other: StoredModel): boolean =>
  one.name === other.name && one.version === other.version;
