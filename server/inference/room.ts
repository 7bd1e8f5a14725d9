/** What a loaded model takes. Bytes. */
export interface Footprint {
  /** Its weights and the process around them. */
  model: number;
  /** One conversation of full length. */
  conversation: number;
}

/** A model that has a worker. */
export interface Occupant {
  readonly name: string;
  /** Bytes that its process holds now. */
  readonly held: number;
  /** Bytes that it was let in with; it may still be growing to that. */
  readonly admitted: number;
  readonly isLoading: boolean;
  /** Unix milliseconds. */
  readonly usedAt: number;
  /** Why it cannot leave. */
  readonly stays: 'pinned' | 'in use' | null;
}

export interface Limits {
  /** Bytes that the system could give now without swapping. */
  available: number;
  /** Bytes that all models together may take. */
  most: number;
}

export type Room<O extends Occupant = Occupant> =
  | { fits: true; conversations: number; need: number; leave: O[] }
  /** `free` is what could be had with everything gone that may go. */
  | { fits: false; need: number; free: number };

/** Conversations that are worth more than a warm model: one to work in, and one so that nobody waits for that. */
const ENOUGH = 2;

/**
 * How a model finds room: beside the models that are warm, else in the place of those that were not used for longest, of
 * whom as few leave as can be; with as many of the wanted conversations as fit then.
 */
export function findRoom<O extends Occupant>(
  { model, conversation }: Footprint,
  wanted: number,
  limits: Limits,
  occupants: readonly O[],
): Room<O> {
  const needOf = (conversations: number) => model + conversations * conversation;
  const warm = occupants.filter(({ stays }) => stays === null).toSorted((one, other) => one.usedAt - other.usedAt);
  const freeWithout = (gone: readonly O[]) => freeBytes(limits, occupants, gone);
  for (const least of [Math.min(ENOUGH, wanted), 1])
    for (let count = 0; count <= warm.length; count++) {
      const leave = warm.slice(0, count);
      const free = freeWithout(leave);
      for (let conversations = wanted; conversations >= least; conversations--) {
        const need = needOf(conversations);
        if (need <= free) return { fits: true, conversations, need, leave };
      }
    }
  return { fits: false, need: needOf(1), free: Math.max(0, freeWithout(warm)) };
}

function freeBytes({ available, most }: Limits, occupants: readonly Occupant[], gone: readonly Occupant[]): number {
  const stay = occupants.filter((occupant) => !gone.includes(occupant));
  const growing = stay.filter(({ isLoading }) => isLoading).map(({ held, admitted }) => Math.max(0, admitted - held));
  return Math.min(
    available + sum(gone.map(({ held }) => held)) - sum(growing),
    most - sum(stay.map(({ held, admitted }) => Math.max(held, admitted))),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
