import { type Day, daysBetween, Horizon, type Item, minutesText } from '../protocol/index.ts';
import type { Colour } from './paint.ts';
import type { Screen } from './screen.ts';
import { clip, oneLine, table, width } from './text.ts';

/** How what is planned looks to people. */

const colours: Readonly<Record<Horizon, Colour>> = { now: 'green', next: 'cyan', later: 'dim', someday: 'dim' };

/** `2027-01-31`, and how far away it is when that is not far. */
function dueText(due: Day | null, today: Day): string {
  if (due === null) return '';
  const days = daysBetween(today, due);
  if (days < 0) return `${due} overdue`;
  return days === 0 ? `${due} today` : days < 7 ? `${due} in ${days} d` : due;
}

function stateText({ doneOn, tasks, scheduleId }: Item): string {
  if (doneOn !== null) return `done ${doneOn}`;
  const task = tasks.at(-1);
  if (scheduleId !== null) return 'when idle';
  return task === undefined ? '' : `task ${task.number} ${task.proposal === 'open' ? 'to review' : task.status}`;
}

/** A list for each horizon that has any. */
export function itemTable(items: readonly Item[], today: Day, { paint, columns }: Screen): string {
  const rows = items.map((item) => [
    String(item.number),
    item.estimate === null ? '' : minutesText(item.estimate),
    dueText(item.due, today),
    stateText(item),
    '',
  ]);
  const [head = '', ...lines] = table([['#', 'estimate', 'due', 'state', 'title'], ...rows]);
  const body = Horizon.options.flatMap((horizon) => {
    const own = items.flatMap((item, index) => {
      const line = lines[index] ?? '';
      const tags = item.tags.map((tag) => ` #${tag}`).join('');
      const title = clip(oneLine(item.title + tags), Math.max(columns - width(line), 10));
      return item.horizon === horizon ? [line + (item.doneAt === null ? title : paint.dim(title))] : [];
    });
    return own.length === 0 ? [] : [paint[colours[horizon]](horizon), ...own];
  });
  return [paint.dim(head), ...body].join('\n');
}
