import type { ParsedParams, Result, TaskStatus } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { Tasks } from './tasks.ts';

/** Tasks that one request looks through, and characters of what they ask for: so that it keeps others waiting for little. */
const LOOKS_AT = 20_000;
const READS = 8_000_000;

/** Tasks by what they ask for and by what is to be done about them, newest first. */
export interface Search {
  search(params: ParsedParams<'task/search'>): Result<'task/search'>;
}

interface Wanted {
  before: number;
  from: number;
  status: string | null;
  kind: string | null;
  forPerson: number;
}

const listed = (values: readonly string[] | undefined): string | null =>
  values === undefined ? null : JSON.stringify(values);

export function createSearch({ db, tasks }: { db: Db; tasks: Tasks }): Search {
  const newest = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM tasks').pluck();
  const done: TaskStatus = 'done';
  const paused: TaskStatus = 'paused';
  // No number is left out, so a range of numbers is so many tasks.
  const found = db.prepare<[Wanted], { id: number; instruction: string }>(
    `SELECT t.id, t.payload ->> 'instruction' AS instruction FROM tasks t
     WHERE t.id >= @from AND t.id < @before
       AND (@status IS NULL OR t.status IN (SELECT value FROM json_each(@status)))
       AND (@kind IS NULL OR t.kind IN (SELECT value FROM json_each(@kind)))
       AND (@forPerson = 0
         OR t.status = '${paused}' AND EXISTS (SELECT 1 FROM approvals WHERE task_id = t.id AND status = 'open')
         OR t.status = '${done}' AND EXISTS (SELECT 1 FROM proposals WHERE task_id = t.id AND status = 'open')
         OR t.status = '${done}' AND EXISTS (SELECT 1 FROM plans WHERE task_id = t.id AND status = 'open'))
     ORDER BY t.id DESC`,
  );
  return {
    search({ text, status, kind, forPerson, before: asked, limit }) {
      const before = Math.min(asked ?? Number.MAX_SAFE_INTEGER, (newest.get() ?? 0) + 1);
      const from = Math.max(1, before - LOOKS_AT);
      const wanted = { before, from, status: listed(status), kind: listed(kind), forPerson: forPerson ? 1 : 0 };
      const needle = text.toLowerCase();
      const ids: number[] = [];
      let read = 0;
      let next = from > 1 ? from : null;
      for (const { id, instruction } of found.iterate(wanted)) {
        if (instruction.toLowerCase().includes(needle)) ids.push(id);
        read += instruction.length;
        if (ids.length < limit && read < READS) continue;
        next = id > 1 ? id : null;
        break;
      }
      return { tasks: ids.map(tasks.read), next };
    },
  };
}
