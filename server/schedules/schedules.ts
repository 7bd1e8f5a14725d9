import { randomUUID } from 'node:crypto';
import {
  type Condition,
  OspainError,
  type ParsedParams,
  type Result,
  type Run,
  type Schedule,
} from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Queue } from '../tasks/queue.ts';
import { createLedger } from './ledger.ts';
import { fixWhen, occurrencesOf } from './occurrences.ts';
import { type ScheduleRow, templateText, toSchedule, whenOf } from './scheduleRow.ts';

export interface SchedulesDeps {
  db: Db;
  queue: Queue;
  now: () => number;
  /** Told after the commit. Removed ones are told by their id. */
  onChange: (schedule: Schedule) => void;
  onRemove: (scheduleId: string) => void;
  /** The time zone of expressions that name none. */
  localZone?: string;
}

export interface Settled {
  /** Whether to call it again soon. */
  more: boolean;
  /** How many tasks it made. */
  submitted: number;
  failed: OspainError | null;
}

/**
 * Schedules and the ledger of their due times. `ref` is a schedule's id, or its number in decimal; an unknown one throws
 * `not_found`. Several servers may call `settle` and `release` on one database: each due time is dealt with once.
 */
export interface Schedules {
  /** Making one with the same id again gives the one that is there; `conflict` when it asks for something else. */
  create(params: ParsedParams<'schedule/create'>): Schedule;
  list(): Schedule[];
  /** Switched off, it owes no due times; what waits is dropped. */
  enable(ref: string, enabled: boolean): Schedule;
  /** Submits its task at once, also while it is off. Asking again with the same `taskId` gives the same run. */
  run(ref: string, taskId?: string): Result<'schedule/run'>;
  /** Its ledger stays, and can still be asked for. */
  remove(ref: string): void;
  /** Newest first. */
  runs(ref: string, limit: number): Run[];
  /** Deals with due times, one batch a schedule. Where one failed, nothing of it was written. */
  settle(): Settled;
  /** What the due times that wait are waiting for. */
  awaited(): ReadonlySet<Condition>;
  /** Submits what waits for nothing but these conditions; answers how many tasks it made. */
  release(holding: ReadonlySet<Condition>): number;
  /** Unix milliseconds of the next due time; null when there is none. */
  nextAt(): number | null;
  /** Tells of what other servers changed since the last look, and says whether there was anything. */
  poll(): boolean;
}

export function createSchedules(deps: SchedulesDeps): Schedules {
  const { db, queue, now, onChange, onRemove } = deps;
  const { localZone = Intl.DateTimeFormat().resolvedOptions().timeZone } = deps;
  const ledger = createLedger({ db, queue });
  const insert = db.prepare<[Omit<ScheduleRow, 'number' | 'last_at' | 'off_since' | 'removed'>]>(
    `INSERT INTO schedules (id, due, conditions, misfire, template, next_at, created_at)
     VALUES (@id, @due, @conditions, @misfire, @template, @next_at, @created_at)`,
  );
  const byId = db.prepare<[string], ScheduleRow>('SELECT * FROM schedules WHERE id = ?');
  const byNumber = db.prepare<[number], ScheduleRow>('SELECT * FROM schedules WHERE number = ?');
  const kept = db.prepare<[], ScheduleRow>('SELECT * FROM schedules WHERE removed = 0 ORDER BY number');
  const due = db.prepare<[{ now: number }], { id: string }>(
    'SELECT id FROM schedules WHERE next_at <= min(@now, coalesce(off_since, @now)) ORDER BY next_at',
  );
  const next = db.prepare<[], { at: number | null }>(
    'SELECT min(next_at) AS at FROM schedules WHERE off_since IS NULL',
  );
  const switchOn = db.prepare<[number | null, number]>(
    'UPDATE schedules SET off_since = NULL, next_at = ? WHERE number = ?',
  );
  const switchOff = db.prepare<[number, number]>('UPDATE schedules SET off_since = ? WHERE number = ?');
  const setRemoved = db.prepare<[number]>('UPDATE schedules SET removed = 1 WHERE number = ?');

  /** The schedules as listeners know them: their JSON by id. */
  const known = new Map<string, string>();

  const row = (ref: string): ScheduleRow => {
    const found = /^\d{1,15}$/.test(ref) ? byNumber.get(Number(ref)) : byId.get(ref);
    if (found) return found;
    throw new OspainError('not_found', `There is no schedule ${JSON.stringify(ref.slice(0, 64))}.`);
  };
  const present = (ref: string): ScheduleRow => {
    const found = row(ref);
    if (found.removed === 0) return found;
    throw new OspainError('not_found', `The schedule ${found.number} was removed.`);
  };

  const poll = () => {
    const schedules = guarded(() => kept.all().map(toSchedule));
    const gone = new Set(known.keys());
    let changed = false;
    for (const schedule of schedules) {
      const text = JSON.stringify(schedule);
      gone.delete(schedule.id);
      if (known.get(schedule.id) === text) continue;
      known.set(schedule.id, text);
      changed = true;
      onChange(schedule);
    }
    for (const id of gone) {
      known.delete(id);
      onRemove(id);
    }
    return changed || gone.size > 0;
  };
  for (const schedule of guarded(() => kept.all().map(toSchedule))) known.set(schedule.id, JSON.stringify(schedule));

  const commit = <T>(change: () => T): T => {
    const result = queue.transact(change);
    try {
      poll();
    } catch (thrown) {
      // The change is committed, so the caller must not hear that it failed; the next round tells.
      process.emitWarning(`Schedules could not be read: ${thrown instanceof Error ? thrown.message : ''}`);
    }
    return result;
  };

  const turnOff = (found: ScheduleRow) => {
    const at = now();
    if (found.off_since === null) {
      switchOff.run(at, found.number);
      ledger.drop(found, at);
    }
    // What was due before, unnoticed yet; the rounds of `settle` do the rest, should it be long.
    ledger.settle(row(found.id), at);
  };

  const turnOn = (found: ScheduleRow) => {
    const at = now();
    let current = found;
    while (ledger.settle(current, at).more) current = row(found.id);
    const { next_at } = row(found.id);
    // After a clock was set back, times to come may be in the ledger already.
    const ahead = next_at !== null && next_at > at;
    switchOn.run(ahead ? next_at : occurrencesOf(whenOf(found)).after(at), found.number);
  };

  return {
    create({ id = randomUUID(), when, conditions, misfire, template }) {
      const wanted = { conditions: JSON.stringify([...new Set(conditions)].toSorted()), misfire };
      return commit(() => {
        const there = byId.get(id);
        const at = there?.created_at ?? now();
        const fixed = fixWhen(when, at, localZone);
        const content = { ...wanted, due: JSON.stringify(fixed), template: templateText(template) };
        if (there === undefined)
          insert.run({ id, ...content, next_at: occurrencesOf(fixed).after(at), created_at: at });
        else if (Object.entries(content).some(([name, text]) => there[name as keyof typeof content] !== text))
          throw new OspainError('conflict', `The id ${id} belongs to a schedule that asks for something else.`);
        return toSchedule(present(id));
      });
    },
    list: () => guarded(() => kept.all().map(toSchedule)),
    enable: (ref, enabled) =>
      commit(() => {
        const found = present(ref);
        if (!enabled) turnOff(found);
        else if (found.off_since !== null) turnOn(found);
        return toSchedule(row(found.id));
      }),
    run: (ref, taskId = randomUUID()) =>
      commit(() => ({ run: ledger.runNow(present(ref), taskId, now()), task: queue.get(taskId) })),
    remove: (ref) =>
      commit(() => {
        const found = present(ref);
        turnOff(found);
        setRemoved.run(found.number);
      }),
    runs: (ref, limit) => guarded(() => ledger.runs(row(ref).id, limit)),
    settle() {
      const at = now();
      const all = { more: false, submitted: 0, failed: null as OspainError | null };
      // One transaction each: a schedule that cannot be dealt with does not keep the others from it.
      for (const { id } of guarded(() => due.all({ now: at }))) {
        try {
          const { more, submitted } = commit(() => ledger.settle(row(id), at));
          all.more ||= more;
          all.submitted += submitted;
        } catch (thrown) {
          all.failed = OspainError.from(thrown);
        }
      }
      return all;
    },
    awaited: () => new Set(guarded(() => ledger.waiting()).flatMap(({ conditions }) => conditions)),
    release(holding) {
      const at = now();
      const ready = guarded(() => ledger.waiting()).filter(({ conditions }) =>
        conditions.every((one) => holding.has(one)),
      );
      if (ready.length === 0) return 0;
      return commit(() => ready.filter(({ scheduleId, dueAt }) => ledger.release(row(scheduleId), dueAt, at)).length);
    },
    nextAt: () => guarded(() => next.get()?.at ?? null),
    poll,
  };
}
