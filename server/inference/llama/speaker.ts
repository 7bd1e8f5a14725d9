import type { ChatWrapper, Llama as LlamaBinding, LlamaModel } from 'node-llama-cpp';
import type { Priority } from '../engine.ts';
import type { Generated } from '../workerProtocol.ts';
import type { Llama } from './library.ts';
import type { EnterGate, Listener, Pace } from './pace.ts';
import { expectRepeats } from './repeats.ts';
import type { Slot, Slots, Want } from './slots.ts';
import type { ThoughtForm } from './thoughtForm.ts';

/** A loaded model with room to speak in. */
export interface Speaker {
  readonly library: Llama;
  readonly llama: LlamaBinding;
  readonly model: LlamaModel;
  readonly wrapper: ChatWrapper;
  /** Its answers may hold more than text, such as thoughts. */
  readonly thinks: boolean;
  /** How thoughts before an answer are written; null where there are none. */
  readonly thoughts: ThoughtForm | null;
  readonly slots: Slots;
  readonly enterGate: EnterGate;
  /** Tokens that fit one sequence. */
  readonly contextSize: number;
  readonly sequences: number;
}

/** Gives a request a slot and its turns, for as long as it runs. */
export async function withSlot<T>(
  { slots, enterGate }: Speaker,
  want: Want,
  listener: Listener,
  run: (slot: Slot, pace: Pace) => Promise<T>,
): Promise<T> {
  const slot = await slots.take(want, listener);
  const pace = enterGate(want.priority, listener);
  try {
    // A guess costs time where nothing is repeated: only those who expect it ask for it.
    expectRepeats(slot.sequence, []);
    return await run(slot, pace);
  } finally {
    pace.leave();
    slots.free(slot);
  }
}

export const priorityOf = ({ priority }: { priority?: Priority }): Priority => priority ?? 'background';

/** Both times are on the clock of `performance`. */
export function usageOf(
  started: number,
  prompt: { length: number },
  cachedTokens: number,
  { tokens, firstTokenAt }: { tokens: { length: number }; firstTokenAt: number | null },
  thought: { generated: number; firstTokenAt: number | null } | null = null,
): Generated['usage'] {
  const ended = performance.now();
  return {
    promptTokens: prompt.length,
    cachedTokens,
    generatedTokens: tokens.length + (thought?.generated ?? 0),
    ...(thought !== null && thought.generated > 0 && { thoughtTokens: thought.generated }),
    firstTokenMs: (thought?.firstTokenAt ?? firstTokenAt ?? ended) - started,
    durationMs: ended - started,
  };
}
