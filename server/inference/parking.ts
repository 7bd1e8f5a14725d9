import { OspainError, type Task } from '../../protocol/index.ts';
import type { Log } from '../log.ts';
import type { Engine } from './engine.ts';
import type { ParkedStates } from './parkedStates.ts';
import type { Pool } from './pool.ts';

/** Fewer evaluated tokens are evaluated again within the blink of an eye. */
const LEAST = 256;
/** How long a server that stops goes on keeping states: its editor would not wait much longer. Milliseconds. */
const STOPPING = 1500;

interface ParkingDeps {
  pool: Pick<Pool, 'describe' | 'generate' | 'park'>;
  states: ParkedStates;
  log: Log;
}

/** Keeps the evaluated states of conversations whose tasks stand still, for when they go on. */
export interface Parking {
  /** The pool, for tasks: their conversations go on where they were parked. */
  readonly engine: Engine;
  /** Keeps the state of a task's conversation, if its worker has one that is worth it. Never rejects. */
  park(task: Pick<Task, 'id' | 'model'>): Promise<void>;
  /** Keeps what is under way and what these tasks have evaluated, as far as there is time, and nothing afterwards. */
  close(tasks: readonly Pick<Task, 'id' | 'model'>[]): Promise<void>;
}

export function createParking({ pool, states, log }: ParkingDeps): Parking {
  const underWay = new Map<string, Promise<void>>();
  let closed = false;

  const keep = async ({ id, model }: Pick<Task, 'id' | 'model'>): Promise<void> => {
    try {
      await pool.park({ model, conversation: id, least: LEAST }, async (state) => {
        if (!closed) await states.keep(id, state);
      });
    } catch (thrown) {
      log.info(`a conversation was not parked: ${OspainError.from(thrown).code}`);
    }
  };

  const park = (task: Pick<Task, 'id' | 'model'>): Promise<void> => {
    const before = underWay.get(task.id);
    if (before !== undefined) return before;
    const mine = keep(task).finally(() => underWay.delete(task.id));
    underWay.set(task.id, mine);
    return mine;
  };

  return {
    engine: {
      describe: (model) => pool.describe(model),
      async generate(generation) {
        // Its slot is taken meanwhile, and another one would have nothing of it.
        await underWay.get(generation.conversation);
        const parked = states.find(generation.conversation);
        return pool.generate({ ...generation, ...(parked && { parked }) });
      },
    },
    park,
    async close(tasks) {
      const late = new Promise((resolve) => setTimeout(resolve, STOPPING).unref());
      await Promise.race([Promise.all([...underWay.values(), ...tasks.map(park)]), late]);
      closed = true;
    },
  };
}
