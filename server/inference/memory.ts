import { totalmem } from 'node:os';
import type { StoredModel } from '../models/registry.ts';
import { memoryShort } from './failures.ts';
import type { Holder, Place } from './holder.ts';
import type { Keeper, KeptModel } from './keeper.ts';
import { type Footprint, findRoom, type Occupant, type Room } from './room.ts';

export interface MemoryDeps {
  keepers(): Iterable<Keeper>;
  footprintOf(model: StoredModel): Footprint;
  /** Conversations that a model should have where there is room for them. */
  conversations: number;
  /** Bytes that all models together may take. */
  mostBytes: number;
  /** Bytes that this process could still get without swapping. */
  availableBytes?: () => number;
  /** Bytes of the machine, or of the container around it. */
  totalBytes?: () => number;
}

export type RoomFor = { fits: true; conversations: number } | { fits: false; need: number; free: number };

/** Decides which models are in memory at one time. */
export interface Memory {
  /** Ends warm workers until there is room, and then calls `enter`; rejects with `memory_short`. One model after another. */
  makeRoom(keeper: Keeper, enter: (place: Place) => Holder): Promise<Holder>;
  /** Whether a model is loaded, or would fit beside those in use and those that are `expected`. */
  roomFor(keeper: Keeper, expected: readonly Keeper[]): RoomFor;
}

/** Part of all memory that the conversations of one model may take. */
const CONVERSATIONS_SHARE = 1 / 4;

export function createMemory(deps: MemoryDeps): Memory {
  const { footprintOf, mostBytes, availableBytes = systemAvailable, totalBytes = systemTotal } = deps;
  let last: Promise<unknown> = Promise.resolve();

  const others = (keeper: Keeper): KeptModel[] =>
    [...deps.keepers()].flatMap((other) => (other === keeper ? [] : (other.occupant() ?? [])));

  const look = <O extends Occupant & { mapped?: number }>({ model }: Keeper, occupants: readonly O[]): Room<O> => {
    const footprint = footprintOf(model);
    const most = Math.min(mostBytes, totalBytes()) * CONVERSATIONS_SHARE;
    const wanted = Math.max(1, Math.min(deps.conversations, Math.floor(most / footprint.conversation)));
    // What the system would take from under a warm model is not free to us.
    const mapped = occupants.reduce((sum, occupant) => sum + (occupant.mapped ?? 0), 0);
    return findRoom(footprint, wanted, { available: availableBytes() - mapped, most: mostBytes }, occupants);
  };

  const enterNext = async (keeper: Keeper, enter: (place: Place) => Holder): Promise<Holder> => {
    for (;;) {
      const room = look(keeper, others(keeper));
      if (!room.fits) throw memoryShort(keeper.model, room, others(keeper));
      if (room.leave.length === 0) return enter(room);
      const reason = `it made room for ${keeper.model.name}`;
      await Promise.all(room.leave.map((occupant) => occupant.keeper.end(reason)));
    }
  };

  return {
    makeRoom(keeper, enter) {
      const mine = last.then(() => enterNext(keeper, enter));
      last = mine.catch(() => {});
      return mine;
    },
    roomFor(keeper, expected) {
      const loaded = keeper.occupant();
      if (loaded !== null) return { fits: true, conversations: loaded.conversations };
      const coming = expected
        .filter((other) => other !== keeper && other.occupant() === null)
        .map(({ model }): Occupant => {
          const footprint = footprintOf(model);
          const admitted = footprint.model + footprint.conversation;
          return { name: model.name, held: 0, admitted, isLoading: true, usedAt: 0, stays: 'in use' };
        });
      return look(keeper, [...others(keeper), ...coming]);
    },
  };
}

/** With caches that the system would drop, and within the limits of a container. */
const systemAvailable = (): number => process.availableMemory();

const systemTotal = (): number => Math.min(totalmem(), process.constrainedMemory() || totalmem());
