import { type Item, OspainError, type ParsedParams } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { dependenciesOf, type ItemRow, toItem } from './itemRow.ts';

/** `ref` is an item's id, or its number in decimal; one that is not there, or was removed, throws `not_found`. */
export interface ItemReader {
  row(ref: string): ItemRow;
  /** Also one that was removed; throws where no such item ever was. */
  anyRow(id: string): ItemRow;
  findRow(id: string): ItemRow | undefined;
  item(row: ItemRow): Item;
  items(rows: readonly ItemRow[]): Item[];
  page(params: ParsedParams<'item/list'>): { items: Item[]; total: number };
  /** All that were not removed, in the order of horizons and places. */
  all(): ItemRow[];
}

interface TaskLink {
  item_id: string;
  scheduled: string | null;
  id: string | null;
  number: number;
  kind: string;
  status: string;
  proposal: string | null;
}

interface Wanted {
  horizon: string | null;
  done: number | null;
  tag: string | null;
  noteId: string | null;
  text: string | null;
}

export function createItemReader({ db }: { db: Db }): ItemReader {
  const byId = db.prepare<[string], ItemRow>('SELECT * FROM items WHERE id = ?');
  const byNumber = db.prepare<[number], ItemRow>('SELECT * FROM items WHERE number = ?');
  const isThere = db.prepare<[string], { id: string }>('SELECT id FROM items WHERE id = ? AND removed = 0');
  const FROM = 'FROM items i INDEXED BY items_order WHERE i.removed = 0';
  const WHERE = `(@horizon IS NULL OR i.horizon IN (SELECT value FROM json_each(@horizon)))
    AND (@done IS NULL OR (i.done_at IS NOT NULL) = @done)
    AND (@tag IS NULL OR @tag IN (SELECT value FROM json_each(i.tags)))
    AND (@noteId IS NULL OR i.note_id = @noteId)
    AND (@text IS NULL OR instr(lower(i.title), @text) > 0)`;
  const ORDER = 'ORDER BY i.distance, i.place, i.number';
  const all = db.prepare<[], ItemRow>(`SELECT i.* ${FROM} ${ORDER}`);
  const first = db.prepare<[Wanted & { limit: number }], ItemRow>(
    `SELECT i.* ${FROM} AND ${WHERE} ${ORDER} LIMIT @limit`,
  );
  const next = db.prepare<[Wanted & { limit: number; after: string }], ItemRow>(
    `SELECT i.* ${FROM} AND (i.distance, i.place, i.number) > (SELECT distance, place, number FROM items WHERE id = @after)
     AND ${WHERE} ${ORDER} LIMIT @limit`,
  );
  const count = db.prepare<[Wanted], { n: number }>(`SELECT count(*) AS n ${FROM} AND ${WHERE}`);
  const waits = `s.off_since IS NULL AND (s.next_at IS NOT NULL OR EXISTS
    (SELECT 1 FROM schedule_runs r WHERE r.schedule_id = s.id AND r.outcome = 'waiting'))`;
  const links = db.prepare<[string], TaskLink>(
    `SELECT l.item_id, iif(t.id IS NULL AND ${waits}, s.id, NULL) AS scheduled, t.uid AS id, t.id AS number, t.kind, t.status,
       coalesce(p.was, p.status) AS proposal
     FROM item_tasks l LEFT JOIN tasks t ON t.uid = l.task_id LEFT JOIN proposals p ON p.task_id = t.id
       LEFT JOIN schedules s ON s.id = l.schedule_id
     WHERE l.item_id IN (SELECT value FROM json_each(?)) ORDER BY t.id`,
  );

  const items = (rows: readonly ItemRow[]): Item[] => {
    const tasks = new Map<string, Item['tasks']>();
    const scheduled = new Map<string, string>();
    for (const link of links.all(JSON.stringify(rows.map(({ id }) => id)))) {
      if (link.scheduled !== null) scheduled.set(link.item_id, link.scheduled);
      if (link.id === null) continue;
      const { item_id, scheduled: _, ...task } = link;
      tasks.set(item_id, [...(tasks.get(item_id) ?? []), task as Item['tasks'][number]]);
    }
    return rows.map((row) =>
      toItem(row, {
        dependsOn: dependenciesOf(row).filter((id) => isThere.get(id) !== undefined),
        tasks: tasks.get(row.id) ?? [],
        scheduleId: scheduled.get(row.id) ?? null,
      }),
    );
  };

  const none = (ref: string) => new OspainError('not_found', `There is no item ${JSON.stringify(ref.slice(0, 64))}.`);
  const anyRow = (ref: string): ItemRow => {
    const found = /^\d{1,15}$/.test(ref) ? byNumber.get(Number(ref)) : byId.get(ref);
    if (found) return found;
    throw none(ref);
  };
  const item = (row: ItemRow): Item => {
    const [made] = items([row]);
    if (made === undefined) throw none(row.id);
    return made;
  };

  return {
    row(ref) {
      const found = anyRow(ref);
      if (found.removed === 0) return found;
      throw new OspainError('not_found', `The item ${found.number} was removed.`, { hint: 'Undo brings it back.' });
    },
    anyRow,
    findRow: (id) => byId.get(id),
    item,
    items,
    page({ horizon, done, tag, noteId, text, after, limit }) {
      const wanted: Wanted = {
        horizon: horizon === undefined ? null : JSON.stringify(horizon),
        done: done === undefined ? null : done ? 1 : 0,
        tag: tag ?? null,
        noteId: noteId ?? null,
        text: text === undefined ? null : text.toLowerCase(),
      };
      const rows =
        after === undefined ? first.all({ ...wanted, limit }) : next.all({ ...wanted, limit, after: anyRow(after).id });
      return { items: items(rows), total: count.get(wanted)?.n ?? 0 };
    },
    all: () => all.all(),
  };
}
