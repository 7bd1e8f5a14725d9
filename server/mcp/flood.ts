import { OspainError } from '../../protocol/index.ts';

/** Throws when more messages come in one second than `most`. */
export function createFloodGuard(most: number, now: () => number): () => void {
  let second = Number.NEGATIVE_INFINITY;
  let count = 0;
  return () => {
    if (now() - second >= 1000) [second, count] = [now(), 0];
    count += 1;
    if (count > most) throw new OspainError('too_large', `It sent more than ${most} messages in a second.`);
  };
}
