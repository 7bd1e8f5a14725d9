import type { Run, Schedule } from '../../../protocol/schedules.ts';
import type { LiveSource } from '../../stores/live.ts';

export const schedulesSource: LiveSource<readonly Schedule[]> = {
  load: async (client) => (await client.request('schedule/list', {})).schedules,
  follow(client, change) {
    const stops = [
      client.on('schedule/didChange', ({ schedule }) =>
        change((all) =>
          all.some(({ id }) => id === schedule.id)
            ? all.map((one) => (one.id === schedule.id ? schedule : one))
            : [...all, schedule],
        ),
      ),
      client.on('schedule/didRemove', ({ scheduleId }) => change((all) => all.filter(({ id }) => id !== scheduleId))),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  },
};

/** Due times that are shown. */
const MOST = 1000;

/** The ledger of one. */
export const ledgerSource = (scheduleId: string): LiveSource<readonly Run[]> => ({
  load: async (client) => (await client.request('schedule/runs', { scheduleId, limit: MOST })).runs,
});
