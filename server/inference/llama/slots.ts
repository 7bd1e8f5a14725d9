import type { LlamaContext, LlamaContextSequence } from 'node-llama-cpp';
import type { Spoken } from './prompt.ts';

/** One conversation whose evaluated prefix is kept. */
export interface Slot {
  readonly sequence: LlamaContextSequence;
  spoken: Spoken | null;
}

/** The conversation's slot, else the one that was used longest ago: its evaluated beginning may still be of use. */
export type TakeSlot = (conversation: string) => Slot;

export function createSlots(context: LlamaContext): TakeSlot {
  const slots = Array.from({ length: context.totalSequences }, () => ({
    conversation: '',
    slot: { sequence: context.getSequence(), spoken: null } as Slot,
  }));
  return (conversation) => {
    const known = slots.findIndex((entry) => entry.conversation === conversation);
    const [entry] = slots.splice(Math.max(known, 0), 1);
    if (entry === undefined) throw new Error('a model needs room for at least one conversation');
    slots.push(entry);
    // What was spoken there before stays: it only counts where a transcript begins with it.
    entry.conversation = conversation;
    return entry.slot;
  };
}
