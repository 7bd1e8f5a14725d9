import type { EventData, EventType } from '../../../protocol/index.ts';
import type { Attempt, Kind } from '../../../server/tasks/kind.ts';

/**
 * When a server is killed: at the nth event that a kind writes about its steps, counted from 1, `before` it, or `inside`
 * the transaction that writes it. An n behind the last one means after the kind has returned.
 */
export interface Death {
  when: 'before' | 'inside';
  event: number;
}

/** The events that a kind writes about its steps. */
export const STEP_EVENTS: readonly string[] = ['turn', 'call', 'approval', 'begun', 'result', 'proposal'];

/** A kind whose server is killed while it runs a task: nothing is written from then on, and nobody hears of its end. */
export function mortal(kind: Kind, { id, death, died }: { id: string; death: Death; died(): void }): Kind {
  let count = 0;
  let dead = false;
  const die = (): never => {
    dead = true;
    throw new Error('killed');
  };
  const guarded = (attempt: Attempt): Attempt => ({
    ...attempt,
    emit<T extends EventType>(type: T, data: EventData<T>) {
      if (dead) die();
      if (!STEP_EVENTS.includes(type)) return attempt.emit(type, data);
      const isTheOne = ++count === death.event;
      if (isTheOne && death.when === 'before') die();
      attempt.emit(type, data);
      if (isTheOne) die();
    },
  });
  return {
    name: kind.name,
    async run(attempt) {
      if (attempt.task.id !== id) return kind.run(attempt);
      // However it ends, by the kill or by itself, its server is dead then.
      await kind.run(guarded(attempt)).catch(() => {});
      died();
      return new Promise<never>(() => {});
    },
  };
}
