import { dayAt } from '../../protocol/days.ts';
import type { Horizon, Item } from '../../protocol/items.ts';
import type { Params } from '../../protocol/methods.ts';
import { placeBetween } from '../../protocol/places.ts';

/** What the server will most likely say of a change, which is shown until it has. */

export type ItemChange = Omit<Params<'item/change'>, 'itemId' | 'version' | 'changeId'>;

export function guessChange(item: Item, change: ItemChange, now: number): Item {
  const { done, ...rest } = change;
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const changed: Item = { ...item, ...said };
  if (done === undefined || done === (item.doneAt !== null)) return changed;
  return { ...changed, doneAt: done ? now : null, doneOn: done ? dayAt(now) : null, doneBy: null };
}

interface Known {
  readonly items: ReadonlyMap<string, Item>;
  readonly order: Readonly<Record<Horizon, readonly string[]>>;
}

/** Directly before another item of the horizon, or at its end. */
export function guessPlace({ items, order }: Known, item: Item, horizon: Horizon, before: string | undefined): string {
  const others = order[horizon].filter((id) => id !== item.id);
  const found = before === undefined ? -1 : others.indexOf(before);
  const at = found < 0 ? others.length : found;
  const place = (id: string | undefined) => items.get(id ?? '')?.place ?? null;
  const [low, high] = [place(others[at - 1]), place(others[at])];
  // Two may have one place, after an undo: then the server says where it goes.
  return low !== null && high !== null && low >= high ? high : placeBetween(low, high);
}
