import type { Handlers } from '../dispatch.ts';
import type { Schedules } from '../schedules/schedules.ts';
import type { Timekeeper } from '../schedules/timekeeper.ts';

type ScheduleHandlers = Pick<
  Handlers,
  'schedule/create' | 'schedule/list' | 'schedule/enable' | 'schedule/run' | 'schedule/remove' | 'schedule/runs'
>;

interface ScheduleDeps {
  schedules: Schedules;
  timekeeper: Timekeeper;
}

export function createScheduleHandlers({ schedules, timekeeper }: ScheduleDeps): ScheduleHandlers {
  return {
    'schedule/create': (params) => {
      const schedule = schedules.create(params);
      timekeeper.wake();
      return { schedule };
    },
    'schedule/list': () => ({ schedules: schedules.list() }),
    'schedule/enable': ({ scheduleId, enabled }) => {
      const schedule = schedules.enable(scheduleId, enabled);
      timekeeper.wake();
      return { schedule };
    },
    'schedule/run': ({ scheduleId, taskId }) => schedules.run(scheduleId, taskId),
    'schedule/remove': ({ scheduleId }) => {
      schedules.remove(scheduleId);
      timekeeper.wake();
      return {};
    },
    'schedule/runs': ({ scheduleId, limit }) => ({ runs: schedules.runs(scheduleId, limit) }),
  };
}
