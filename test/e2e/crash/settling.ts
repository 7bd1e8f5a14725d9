import type { Client } from '../../../protocol/index.ts';
import { ended } from '../../support/server.ts';
import { accept, cancelParked } from './asking.ts';
import type { Planned, Wishes } from './wishes.ts';

/** Lets everything come to its end: accepts what is open, cancels what is parked, waits for schedules and tasks. */
export async function settle(client: Client, wishes: Wishes): Promise<void> {
  for (const parked of wishes.parked) if (parked.cancel === 'no') await cancelParked(client, parked);
  for (const edit of wishes.edits) {
    const { proposal } = await ended(client, edit.id);
    if (proposal === 'open' && edit.accept === 'no') await accept(client, edit);
  }
  for (const planned of wishes.planned)
    if (planned.create === 'answered') await ended(client, await taskOf(client, planned));
}

/** The task that a schedule made, as soon as there is one. */
async function taskOf(client: Client, { id: scheduleId }: Planned): Promise<string> {
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const stop = client.on('schedule/didChange', ({ schedule }) => {
      if (schedule.id === scheduleId) changed.resolve();
    });
    try {
      const { runs } = await client.request('schedule/runs', { scheduleId });
      const taskId = runs[0]?.taskId;
      if (taskId) return taskId;
      await changed.promise;
    } finally {
      stop();
    }
  }
}
