import { addDays, type Day } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';

/** What the event log, the items and the notes say of a week. */
export interface WeekFigures {
  /** Its Monday, and its Sunday. */
  from: Day;
  to: Day;
  /** Rows of the event log in it. */
  events: number;
  tasks: { submitted: number; done: number; failed: number; cancelled: number };
  proposals: { accepted: number; rejected: number; undone: number };
  /** Made by models. */
  tokens: number;
  items: { added: number; done: number; open: number; overdue: number };
  notes: number;
  /** Titles of items, the latest first, and first lines of what failed; each list is cut. */
  doneItems: string[];
  openItems: string[];
  failedTasks: string[];
}

const MOST = 20;
/** What a person asked for: suggestions are tasks too, and nobody's work. */
const ASKED = `t.kind <> 'suggest'`;

/**
 * Counts what was recorded between two midnights of the server's time zone. Rows of the log are found by their order, which
 * is that of commits: one that a clock set back misplaced is counted where it stands.
 */
export function createWeekFigures({ db, today }: { db: Db; today: () => Day }): (monday: Day) => WeekFigures {
  const range = db.prepare<[], { events: number; tasks: number }>(
    'SELECT (SELECT coalesce(max(cursor), 0) FROM events) AS events, (SELECT coalesce(max(id), 0) FROM tasks) AS tasks',
  );
  const eventAt = db.prepare<[number], { at: number }>('SELECT at FROM events WHERE cursor = ?');
  const taskAt = db.prepare<[number], { at: number }>('SELECT created_at AS at FROM tasks WHERE id = ?');
  const counted = db.prepare<[number, number], { type: string; status: string | null; n: number }>(
    `SELECT e.type, iif(e.type = 'proposal', e.data ->> '$.status', NULL) AS status, count(*) AS n
     FROM events e JOIN tasks t ON t.id = e.task_id
     WHERE e.cursor >= ? AND e.cursor < ? AND e.type IN ('done', 'failed', 'cancelled', 'proposal') AND ${ASKED} GROUP BY 1, 2`,
  );
  const submitted = db.prepare<[number, number], { n: number }>(
    `SELECT count(*) AS n FROM tasks t WHERE t.id >= ? AND t.id < ? AND ${ASKED}`,
  );
  const tokens = db.prepare<[number, number], { n: number | null }>(
    `SELECT sum(data ->> '$.usage.generatedTokens') AS n FROM events WHERE cursor >= ? AND cursor < ? AND type = 'turn'`,
  );
  const failed = db.prepare<[number, number, number], { text: string }>(
    `SELECT DISTINCT t.payload ->> '$.instruction' AS text FROM events e JOIN tasks t ON t.id = e.task_id
     WHERE e.cursor >= ? AND e.cursor < ? AND e.type = 'failed' AND t.status = 'failed' AND ${ASKED} ORDER BY e.cursor DESC LIMIT ?`,
  );
  const added = db.prepare<[Day, Day], { n: number }>(
    `SELECT count(*) AS n FROM item_changes WHERE day BETWEEN ? AND ? AND deed = 'add' AND stack <> 'undone'`,
  );
  const done = db.prepare<[Day, Day], { title: string }>(
    'SELECT title FROM items WHERE removed = 0 AND done_on BETWEEN ? AND ? ORDER BY done_at DESC',
  );
  const open = db.prepare<[], { title: string }>(
    `SELECT title FROM items INDEXED BY items_order WHERE removed = 0 AND distance = 0 AND done_at IS NULL ORDER BY place, number`,
  );
  const overdue = db.prepare<[Day], { n: number }>(
    'SELECT count(*) AS n FROM items WHERE removed = 0 AND done_at IS NULL AND due_on < ?',
  );
  const notes = db.prepare<[number, number], { n: number }>(
    'SELECT count(*) AS n FROM notes INDEXED BY notes_updated WHERE updated_at >= ? AND updated_at < ?',
  );

  return (monday) =>
    guarded(() => {
      const sunday = addDays(monday, 6);
      const [begin, end] = [midnight(monday), midnight(addDays(monday, 7))];
      const { events, tasks } = range.get() ?? { events: 0, tasks: 0 };
      const between = (last: number, at: (number: number) => number): [number, number] => [
        firstFrom(begin, last, at),
        firstFrom(end, last, at),
      ];
      const inLog = between(events, (cursor) => eventAt.get(cursor)?.at ?? 0);
      const came = between(tasks, (number) => taskAt.get(number)?.at ?? 0);
      const counts = counted.all(...inLog);
      const count = (type: string, status: string | null = null) =>
        counts.find((row) => row.type === type && row.status === status)?.n ?? 0;
      const doneItems = done.all(monday, sunday);
      const openItems = open.all();
      return {
        from: monday,
        to: sunday,
        events: inLog[1] - inLog[0] + came[1] - came[0],
        tasks: {
          submitted: submitted.get(...came)?.n ?? 0,
          done: count('done'),
          failed: count('failed'),
          cancelled: count('cancelled'),
        },
        proposals: {
          accepted: count('proposal', 'accepted'),
          rejected: count('proposal', 'rejected'),
          undone: count('proposal', 'undone'),
        },
        tokens: tokens.get(...inLog)?.n ?? 0,
        items: {
          added: added.get(monday, sunday)?.n ?? 0,
          done: doneItems.length,
          open: openItems.length,
          overdue: overdue.get(today())?.n ?? 0,
        },
        notes: notes.get(begin, end)?.n ?? 0,
        doneItems: doneItems.slice(0, MOST).map(({ title }) => title),
        openItems: openItems.slice(0, MOST).map(({ title }) => title),
        failedTasks: failed.all(...inLog, MOST).map(({ text }) => text),
      };
    });
}

/** The first number, of those from 1 to `last`, that is not before a moment; one more than the last when none is. */
function firstFrom(moment: number, last: number, at: (number: number) => number): number {
  let [low, high] = [1, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (at(middle) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Unix milliseconds at which a day begins where the server runs; it need not be 24 hours long. */
function midnight(day: Day): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).getTime();
}
