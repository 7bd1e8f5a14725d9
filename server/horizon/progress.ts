import { addDays, type Day, daysBetween, OspainError, type ProgressDay } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';

/** What was planned and done at the end of each day, from what was recorded when it happened. */
export type Progress = (from: Day, to: Day) => ProgressDay[];

interface Sum {
  day: string;
  planned: number;
  plannedMinutes: number;
  finished: number;
  finishedMinutes: number;
}

/** Days that a chart may show. */
const MOST = 3660;

export function createProgress({ db }: { db: Db }): Progress {
  const SUMS = `coalesce(sum(planned), 0) AS planned, coalesce(sum(planned_minutes), 0) AS plannedMinutes,
    coalesce(sum(finished), 0) AS finished, coalesce(sum(finished_minutes), 0) AS finishedMinutes`;
  const before = db.prepare<[Day], Sum>(`SELECT '' AS day, ${SUMS} FROM item_changes WHERE day < ?`);
  const days = db.prepare<[Day, Day], Sum>(
    `SELECT day, ${SUMS} FROM item_changes WHERE day BETWEEN ? AND ? GROUP BY day ORDER BY day`,
  );
  return (from, to) => {
    const count = daysBetween(from, to) + 1;
    if (count < 1) throw new OspainError('invalid_params', `${to} is before ${from}.`);
    if (count > MOST) throw new OspainError('invalid_params', `From ${from} to ${to} are more than ${MOST} days.`);
    const past = guarded(() => before.get(from));
    const by = new Map(guarded(() => days.all(from, to)).map((sum) => [sum.day, sum]));
    let [planned, plannedMinutes] = [past?.planned ?? 0, past?.plannedMinutes ?? 0];
    let [done, doneMinutes] = [past?.finished ?? 0, past?.finishedMinutes ?? 0];
    return Array.from({ length: count }, (_, index) => {
      const day = addDays(from, index);
      const sum = by.get(day);
      const { finished = 0, finishedMinutes = 0 } = sum ?? {};
      planned += sum?.planned ?? 0;
      plannedMinutes += sum?.plannedMinutes ?? 0;
      done += finished;
      doneMinutes += finishedMinutes;
      return { day, planned, plannedMinutes, done, doneMinutes, finished, finishedMinutes };
    });
  };
}
