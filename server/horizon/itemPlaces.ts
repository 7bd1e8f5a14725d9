import { Horizon, placeBetween } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { ItemRow } from './itemRow.ts';

/** Where an item goes among those of a horizon. */
export interface ItemPlaces {
  /**
   * A place directly before `target`, when it is of that horizon, else at the end; for `mover`, which keeps its place when it
   * stands there already.
   */
  find(horizon: Horizon, target?: ItemRow, mover?: ItemRow): string;
}

export function createPlaces({ db }: { db: Db }): ItemPlaces {
  const last = db.prepare<[number, number], { place: string; number: number }>(
    `SELECT place, number FROM items WHERE removed = 0 AND distance = ? AND number <> ? ORDER BY place DESC, number DESC LIMIT 1`,
  );
  const above = db.prepare<[number, string, number], { place: string }>(
    `SELECT place FROM items WHERE removed = 0 AND distance = ? AND place < ? AND number <> ? ORDER BY place DESC LIMIT 1`,
  );
  return {
    find(horizon, target, mover) {
      const self = mover?.number ?? 0;
      // What the index is by.
      const distance = Horizon.options.indexOf(horizon);
      const own = mover?.horizon === horizon ? mover.place : undefined;
      if (target?.horizon !== horizon) {
        const end = last.get(distance, self);
        if (own !== undefined && (end === undefined || end.place < own)) return own;
        return placeBetween(end?.place ?? null, null);
      }
      if (target.number === self) return target.place;
      const neighbour = above.get(distance, target.place, self);
      if (own !== undefined && own < target.place && (neighbour === undefined || neighbour.place < own)) return own;
      return placeBetween(neighbour?.place ?? null, target.place);
    },
  };
}
