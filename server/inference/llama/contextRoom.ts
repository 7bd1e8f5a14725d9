import type { LlamaModel } from 'node-llama-cpp';

/** How a model's contexts are cut: sequences, and tokens of each. */
export interface ContextRoom {
  sequences: number;
  contextSize: number;
}

/** Less is of no use to an agent: rather one conversation than two short ones. Tokens. */
const SHORT = 2048;
const MIN_CONTEXT = 256;

/**
 * The most that was asked for, and that `bytes` allow: first fewer sequences down to two, so that an interactive request
 * still has one of its own, then shorter ones, then one.
 */
export async function fitContexts(
  wanted: ContextRoom,
  bytes: number | undefined,
  bytesOf: (room: ContextRoom) => Promise<number>,
): Promise<ContextRoom> {
  if (bytes === undefined) return wanted;
  let room = wanted;
  while ((await bytesOf(room)) > bytes) {
    const less = smaller(room);
    if (less === null) break;
    room = less;
  }
  return room;
}

function smaller({ sequences, contextSize }: ContextRoom): ContextRoom | null {
  const half = Math.floor(contextSize / 2);
  if (sequences > 2) return { sequences: sequences - 1, contextSize };
  if (half >= SHORT) return { sequences, contextSize: half };
  if (sequences > 1) return { sequences: 1, contextSize };
  return half >= MIN_CONTEXT ? { sequences, contextSize: half } : null;
}

/** What the model was trained for bounds what is asked; llama.cpp wants no context smaller than a few tokens. */
export const longestContext = (asked: number, { trainContextSize }: LlamaModel): number =>
  Math.max(MIN_CONTEXT, Math.min(asked, trainContextSize));
