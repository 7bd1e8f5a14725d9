import type { Client } from '../../../protocol/index.ts';
import { cancelParked, park } from './asking.ts';
import { type Wishes, wishParked } from './wishes.ts';

/**
 * So many clients that submit tasks and call them off without a pause, each one after the other, until the server is gone or
 * they are told to stop; the returned function does so and resolves when all have.
 */
export function press(client: Client, wishes: Wishes, clients: number): () => Promise<void> {
  let working = true;
  const drive = async () => {
    while (working) {
      const parked = wishParked(wishes);
      await park(client, parked);
      if (parked.submit !== 'answered') return;
      await cancelParked(client, parked);
      if (parked.cancel !== 'answered') return;
    }
  };
  const driven = Array.from({ length: clients }, drive);
  return async () => {
    working = false;
    await Promise.all(driven);
  };
}
