import type { Horizon } from '../../../protocol/items.ts';
import { horizons, type Order } from './boardKeys.ts';

interface Over {
  /** Of an item; of a column it is its horizon. */
  readonly id: string;
  readonly rect: { readonly top: number; readonly height: number };
}

export interface DropTarget {
  readonly horizon: Horizon;
  /** Directly before this item; at the end without one. */
  readonly before: string | undefined;
}

/** Where something goes that is let go at this height, in pixels of the window; undefined when it is over nothing. */
export function dropTarget(over: Over | null, y: number, order: Order): DropTarget | undefined {
  if (over === null) return undefined;
  const column = horizons.find((name) => name === over.id);
  if (column !== undefined) return { horizon: column, before: undefined };
  const horizon = horizons.find((name) => order[name].includes(over.id));
  if (horizon === undefined) return undefined;
  const ids = order[horizon];
  const isBelow = y > over.rect.top + over.rect.height / 2;
  return { horizon, before: ids[ids.indexOf(over.id) + (isBelow ? 1 : 0)] };
}
