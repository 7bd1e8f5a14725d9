import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Priority } from '../engine.ts';
import { assertGoesOn, cancelled, type Listener } from './pace.ts';
import type { Spoken } from './prompt.ts';

/** A sequence of the context, and what was last said there: its evaluated tokens stay until another needs the place. */
export interface Slot {
  readonly sequence: LlamaContextSequence;
  spoken: Spoken | null;
}

export interface Want {
  /** Null for a request that belongs to none. */
  conversation: string | null;
  priority: Priority;
  /** The tokens of the prompt, where it follows what was spoken in a slot. */
  tokensAfter(spoken: Spoken | null): readonly Token[];
}

export interface Slots {
  /** Waits for a slot while all are taken; rejects with `cancelled` when the listener says so. */
  take(want: Want, listener: Listener): Promise<Slot>;
  /** The slot that a conversation was last spoken in, as soon as nobody speaks there; null when it is another's by then. */
  takeOwn(conversation: string): Promise<Slot | null>;
  /** Evaluated tokens in that slot, 0 without one. */
  held(conversation: string): number;
  free(slot: Slot): void;
}

interface Place {
  readonly slot: Slot;
  conversation: string | null;
  holder: Priority | null;
}

interface Waiting {
  want: Want;
  start(slot: Slot): void;
}

/**
 * A conversation comes back to its own slot. Another one takes the free slot of which it can use most, if that is at least
 * half of what is kept there, so that a beginning that many share does not cost a long conversation; else the one that
 * was used longest ago. One slot of two or more is left to interactive requests.
 */
export function createSlots(count: number, createSequence: () => LlamaContextSequence): Slots {
  /** The one used longest ago comes first. */
  const places: Place[] = Array.from({ length: count }, () => ({
    slot: { sequence: createSequence(), spoken: null },
    conversation: null,
    holder: null,
  }));
  const forBackground = Math.max(1, places.length - 1);
  let waiting: Waiting[] = [];
  let freed = Promise.withResolvers<void>();
  const ownOf = (name: string) => places.find(({ conversation }) => conversation === name);

  const mayStart = ({ priority }: Want) => {
    if (places.every(({ holder }) => holder !== null)) return false;
    return priority === 'interactive' || places.filter(({ holder }) => holder === 'background').length < forBackground;
  };

  const choose = (want: Want): Place | undefined => {
    const free = places.filter(({ holder }) => holder === null);
    const own = free.find(({ conversation }) => conversation !== null && conversation === want.conversation);
    return own ?? findPrefix(free, want) ?? free[0];
  };

  const start = (want: Want): Slot => {
    const place = choose(want);
    if (place === undefined) throw new Error('a slot was taken that is not free');
    places.splice(places.indexOf(place), 1);
    places.push(place);
    // What was spoken there before stays: it only counts where a prompt begins with it.
    place.conversation = want.conversation;
    place.holder = want.priority;
    return place.slot;
  };

  const next = () => {
    const inOrder = [...waiting].sort((a, b) => rank(a.want) - rank(b.want));
    const ready = inOrder.find(({ want }) => mayStart(want));
    if (ready === undefined) return;
    waiting = waiting.filter((entry) => entry !== ready);
    ready.start(start(ready.want));
    next();
  };

  return {
    async take(want, listener) {
      assertGoesOn(listener);
      if (mayStart(want) && waiting.every((entry) => rank(entry.want) > rank(want))) return start(want);
      const { promise, resolve } = Promise.withResolvers<Slot | null>();
      const entry = { want, start: resolve };
      waiting.push(entry);
      void listener.cancelled.then(() => {
        waiting = waiting.filter((other) => other !== entry);
        resolve(null);
      });
      const slot = await promise;
      if (slot === null) throw cancelled();
      return slot;
    },
    async takeOwn(conversation) {
      for (;;) {
        const place = ownOf(conversation);
        if (place === undefined) return null;
        if (place.holder !== null) {
          await freed.promise;
          continue;
        }
        place.holder = 'background';
        return place.slot;
      }
    },
    held: (conversation) => ownOf(conversation)?.slot.sequence.contextTokens.length ?? 0,
    free(slot) {
      const place = places.find((place) => place.slot === slot);
      if (place !== undefined) place.holder = null;
      // Those who wait to speak come first.
      next();
      freed.resolve();
      freed = Promise.withResolvers();
    },
  };
}

const rank = ({ priority }: Want): number => (priority === 'interactive' ? 0 : 1);

function findPrefix(places: readonly Place[], want: Want): Place | undefined {
  let best: { place: Place; shared: number } | undefined;
  for (const place of places) {
    const kept = place.slot.sequence.contextTokens;
    const shared = sharedPrefix(kept, want.tokensAfter(place.slot.spoken));
    if (shared > 0 && shared * 2 >= kept.length && shared > (best?.shared ?? 0)) best = { place, shared };
  }
  return best?.place;
}

function sharedPrefix(a: readonly Token[], b: readonly Token[]): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at++;
  return at;
}
