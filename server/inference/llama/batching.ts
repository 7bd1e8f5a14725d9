import type { CustomBatchingPrioritizationStrategy } from 'node-llama-cpp';

/** How many requests are in the middle of their answers, and will want a next token. */
export interface Crowd {
  speaking: number;
}

/** Each look takes a few microseconds; all come within less than half of these. */
const PATIENCE = 50;

/**
 * Begins an evaluation when all have come who speak. Each gets its token a moment after the one before, and the library
 * would go on without the last one, every time: with four that speak, in batches of three.
 */
export function createBatching(crowd: Crowd): CustomBatchingPrioritizationStrategy {
  let looks = 0;
  return ({ items, size }) => {
    // With nothing to evaluate the library looks again, after whatever else is ready to run.
    if (items.length < crowd.speaking && ++looks < PATIENCE) return [];
    looks = 0;
    let left = size;
    return items.flatMap((item) => {
      const processAmount = Math.min(item.tokens.length, left);
      left -= processAmount;
      return processAmount === 0 ? [] : [{ item, processAmount }];
    });
  };
}
