import { join } from 'node:path';
import { methods, type ParsedParams, type Run, type Schedule } from '../../../protocol/index.ts';
import { createLog } from '../../../server/log.ts';
import { type Conditions, createConditions } from '../../../server/schedules/conditions.ts';
import { createSchedules, type Schedules } from '../../../server/schedules/schedules.ts';
import { createTimekeeper } from '../../../server/schedules/timekeeper.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { tempFolder } from '../../support/temp.ts';
import { type FakeTime, fakeTime } from '../tasks/fakeTime.ts';

const KEY = '0123456789abcdef'.repeat(6);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Monday, at midnight UTC. */
export const START = Date.UTC(2026, 0, 5);

type Create = { when: Schedule['when'] } & Partial<Pick<Schedule, 'conditions' | 'misfire'>> & { id?: string };

export const params = ({ when, ...rest }: Create): ParsedParams<'schedule/create'> =>
  methods['schedule/create'].params.parse({ when, template: { kind: 'ask', instruction: 'Tidy up.' }, ...rest });

export const every = (cron: string, timeZone = 'UTC') => ({ cron, timeZone });

/** One server's schedules, queue and timekeeper on a connection of its own. */
export interface Server extends AsyncDisposable {
  db: Db;
  queue: Queue;
  schedules: Schedules;
  start(): void;
  stop(): Promise<void>;
  wake(): void;
  /** What clients were told, in order: changed schedules, and the ids of removed ones. */
  told: Array<Schedule | string>;
  lines: string[];
}

/** A workspace's database on a clock that the test moves; `set` moves the wall clock alone. */
export interface Workspace extends AsyncDisposable {
  now(): number;
  time: FakeTime;
  /** The wall clock jumps; no timer hears of it. */
  jump(ms: number): void;
  holds: { idle: boolean; mains: boolean };
  server(options?: { conditions?: Conditions; queue?: (queue: Queue) => Queue }): Promise<Server>;
}

export async function openWorkspace(): Promise<Workspace> {
  const temp = tempFolder('schedules');
  const file = join(temp.path, 'ospain2.db');
  // Timers go by their own clock, as real ones do.
  const ticks = { now: 0 };
  let offset = START;
  const now = () => ticks.now + offset;
  const time = fakeTime(ticks);
  const holds = { idle: true, mains: true };
  const servers: Server[] = [];
  return {
    now,
    time,
    holds,
    jump(ms) {
      offset += ms;
    },
    async server(options = {}) {
      const db = await openDatabase({ file, key: KEY, synchronous: 'NORMAL', timeoutMs: 50 });
      const real = createQueue({ db, now, onChange: () => {} });
      const queue = options.queue?.(real) ?? real;
      const told: Server['told'] = [];
      const lines: string[] = [];
      const schedules = createSchedules({
        ...{ db, queue, now, localZone: 'UTC' },
        onChange: (schedule) => told.push(schedule),
        onRemove: (id) => told.push(id),
      });
      const { conditions = createConditions({ idle: () => holds.idle, mains: async () => holds.mains }) } = options;
      const timekeeper = createTimekeeper({
        ...{ schedules, conditions, now, after: time.after, onSubmitted: () => {} },
        log: createLog(({ message }) => lines.push(message), now),
      });
      const server: Server = {
        ...{ db, queue, schedules, told, lines },
        ...{ start: timekeeper.start, stop: timekeeper.stop, wake: timekeeper.wake },
        async [Symbol.asyncDispose]() {
          await timekeeper.stop();
          db.close();
        },
      };
      servers.push(server);
      return server;
    },
    async [Symbol.asyncDispose]() {
      for (const server of servers) await server[Symbol.asyncDispose]();
      temp[Symbol.dispose]();
    },
  };
}

/** The ledger, oldest first, as `due outcome`; due in minutes after the start. */
export const ledger = (schedules: Schedules, ref: string): string[] =>
  runs(schedules, ref).map(({ dueAt, outcome }) => `${(dueAt - START) / MINUTE} ${outcome}`);

export const runs = (schedules: Schedules, ref: string): Run[] => schedules.runs(ref, 1_000_000).toReversed();

export const taskIds = ({ queue }: Server): string[] => queue.list({ limit: 1000 }).tasks.map(({ id }) => id);
