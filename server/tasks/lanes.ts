import type { Db } from '../storage/database.ts';
import type { TaskRow } from './taskRow.ts';

/** The first task of a lane. */
export type Head = Pick<
  TaskRow,
  'id' | 'kind' | 'model' | 'priority' | 'reason' | 'fence' | 'attempts' | 'last_seq'
> & {
  lane: string;
  part: number;
};

/**
 * The pending tasks. They lie in one index, by lane (a kind and a model, of parts or of none), priority and age: what a claim
 * looks for is found by one seek a lane, at a million pending tasks as at ten, and lists by one for each priority of a lane.
 */
export interface Lanes {
  heads(): Head[];
  /** Numbers of the pending tasks that are parts (1) or part of none (0), the newest first, from those before a number. */
  newest(part: number, before: number, limit: number): number[];
}

/** The index is named because the planner, which knows no numbers, would take another one and walk every waiting task. */
const READY = `FROM tasks INDEXED BY tasks_ready WHERE status = 'pending'`;

export function createLanes({ db }: { db: Db }): Lanes {
  const behind = db.prepare<[lane: string], Head>(
    `SELECT id, lane, part, kind, model, priority, reason, fence, attempts, last_seq ${READY}
     AND lane > ? ORDER BY lane, priority DESC, id LIMIT 1`,
  );
  const below = db.prepare<[lane: string, priority: number], { priority: number }>(
    `SELECT priority ${READY} AND lane = ? AND priority < ? ORDER BY priority DESC LIMIT 1`,
  );
  const older = db.prepare<[lane: string, priority: number, before: number, limit: number], { id: number }>(
    `SELECT id ${READY} AND lane = ? AND priority = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  );

  const heads = (): Head[] => {
    const found: Head[] = [];
    for (let head = behind.get(''); head !== undefined; head = behind.get(head.lane)) found.push(head);
    return found;
  };

  const priorities = ({ lane, priority }: Head): number[] => {
    const found = [priority];
    for (let next = below.get(lane, priority); next !== undefined; next = below.get(lane, next.priority))
      found.push(next.priority);
    return found;
  };

  return {
    heads,
    newest: (part, before, limit) =>
      heads()
        .filter((head) => head.part === part)
        .flatMap((head) => priorities(head).flatMap((priority) => older.all(head.lane, priority, before, limit)))
        .map(({ id }) => id)
        .toSorted((one, other) => other - one)
        .slice(0, limit),
  };
}
