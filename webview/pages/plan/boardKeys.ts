import type { Horizon } from '../../../protocol/items.ts';

export const horizons = ['now', 'next', 'later', 'someday'] as const satisfies readonly Horizon[];

export type Order = Readonly<Record<Horizon, readonly string[]>>;

export interface Key {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** What a key on an item does. */
export type BoardAct =
  | { readonly does: 'focus'; readonly id: string }
  /** Directly before another item; at the end without one. */
  | { readonly does: 'move'; readonly horizon: Horizon; readonly before: string | undefined }
  | { readonly does: 'done' | 'remove' };

/** Rows that Page Up and Page Down go over. */
const PAGE = 10;

/** With Alt the arrows move the item, without it the focus. Undefined for keys that mean nothing here. */
export function boardAct(event: Key, id: string, order: Order): BoardAct | undefined {
  const { key, altKey, ctrlKey, metaKey } = event;
  if (ctrlKey || metaKey) return undefined;
  const column = horizons.findIndex((name) => order[name].includes(id));
  const horizon = horizons[column];
  if (horizon === undefined) return undefined;
  const ids = order[horizon];
  const at = ids.indexOf(id);
  const side = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
  if (altKey) return side === 0 ? moveWithin(key, { horizon, ids, at }) : moveAside(column + side, at, order);
  if (key === 'Delete') return { does: 'remove' };
  if (key === 'd') return { does: 'done' };
  const focus = side === 0 ? within(key, ids, at) : beside(column, side, at, order);
  return focus === undefined || focus === id ? undefined : { does: 'focus', id: focus };
}

function within(key: string, ids: readonly string[], at: number): string | undefined {
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -ids.length, End: ids.length },
  };
  const step = steps[key];
  return step === undefined ? undefined : ids[Math.max(0, Math.min(ids.length - 1, at + step))];
}

/** The item at the same height of the nearest horizon on that side that has any. */
function beside(column: number, side: number, at: number, order: Order): string | undefined {
  for (let next = column + side; next >= 0 && next < horizons.length; next += side) {
    const ids = order[horizons[next] ?? 'now'];
    if (ids.length > 0) return ids[Math.min(at, ids.length - 1)];
  }
  return undefined;
}

interface Here {
  readonly horizon: Horizon;
  readonly ids: readonly string[];
  readonly at: number;
}

function moveWithin(key: string, { horizon, ids, at }: Here): BoardAct | undefined {
  const move = (before: string | undefined): BoardAct => ({ does: 'move', horizon, before });
  if (key === 'ArrowUp') return at > 0 ? move(ids[at - 1]) : undefined;
  if (key === 'ArrowDown') return at < ids.length - 1 ? move(ids[at + 2]) : undefined;
  if (key === 'Home') return at > 0 ? move(ids[0]) : undefined;
  if (key === 'End') return at < ids.length - 1 ? move(undefined) : undefined;
  return undefined;
}

/** To the same height of the horizon on that side. */
function moveAside(column: number, at: number, order: Order): BoardAct | undefined {
  const horizon = horizons[column];
  return horizon && { does: 'move', horizon, before: order[horizon][at] };
}
