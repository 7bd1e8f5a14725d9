import type { Run, Schedule } from '../protocol/index.ts';
import { moment } from './moments.ts';
import type { Colour, Paint } from './paint.ts';
import type { Screen } from './screen.ts';
import { clip, oneLine, table, width } from './text.ts';

/** How schedules look to people. */

const whenText = ({ when, conditions }: Schedule): string => {
  const due = 'at' in when ? 'once' : `${when.cron} (${when.timeZone ?? 'local time'})`;
  return [due, ...conditions.map((condition) => (condition === 'idle' ? 'when idle' : 'on mains'))].join(', ');
};

export const nextText = ({ enabled, nextAt }: Schedule, now: number): string => {
  if (!enabled) return 'off';
  return nextAt === null ? 'never again' : moment(nextAt, now);
};

export function scheduleTable(schedules: readonly Schedule[], now: number, { paint, columns }: Screen): string {
  const rows = schedules.map((schedule) => [
    String(schedule.number),
    oneLine(whenText(schedule)),
    nextText(schedule, now),
    schedule.lastAt === null ? 'never' : moment(schedule.lastAt, now),
    schedule.misfire,
    '',
  ]);
  const [head = '', ...lines] = table([['#', 'when', 'next run', 'last run', 'missed', 'instruction'], ...rows]);
  const body = schedules.map(({ template }, index) => {
    const line = lines[index] ?? '';
    return line + clip(oneLine(template.instruction), Math.max(columns - width(line), 10));
  });
  return [paint.dim(head), ...body].join('\n');
}

const colours: Record<Run['outcome'], Colour> = {
  submitted: 'green',
  skipped: 'dim',
  merged: 'dim',
  waiting: 'cyan',
  refused: 'red',
};

/** A ledger, newest first; `tasks` gives the numbers of tasks by their ids. */
export function runTable(runs: readonly Run[], tasks: ReadonlyMap<string, number>, now: number, paint: Paint): string {
  const rows = runs.map(({ dueAt, outcome, taskId, reason }) => {
    const number = taskId === null ? undefined : tasks.get(taskId);
    return [moment(dueAt, now), outcome, number === undefined ? oneLine(reason ?? '') : `task ${number}`];
  });
  const [head = '', ...lines] = table([['due', 'outcome', ''], ...rows]);
  // Coloured after the columns are made: escape sequences have no width.
  const body = lines.map((line, index) => {
    const outcome = runs[index]?.outcome;
    return outcome === undefined ? line : line.replace(outcome, paint[colours[outcome]](outcome));
  });
  return [paint.dim(head.trimEnd()), ...body].join('\n');
}
