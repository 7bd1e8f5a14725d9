import type { Db } from '../storage/database.ts';

/**
 * What old tasks keep. A task that ended some time ago keeps its row, its result, its proposal and every event; only the
 * streamed text goes, which its `turn` events hold whole. The `text` events stay in their places with no text, so that a
 * replay is as gapless as before; nobody is told, since no client shows a stream of that age.
 */
export interface Retention {
  /**
   * Looks at the next `limit` tasks behind a number for those that ended before a time (Unix milliseconds) and empties their
   * streams, in one transaction. Answers the number to go on behind; null at the end.
   */
  compact(options: { before: number; behind: number; limit: number }): number | null;
  /** Bytes of the database that hold something. */
  usedBytes(): number;
}

export function createRetention({ db, commit }: { db: Db; commit: <T>(change: () => T) => T }): Retention {
  const next = db.prepare<[behind: number, limit: number], { id: number; due: number }>(
    `SELECT id, (compacted = 0 AND status IN ('done', 'failed', 'cancelled')) * updated_at AS due
     FROM tasks WHERE id > ? ORDER BY id LIMIT ?`,
  );
  const empty = db.prepare<[number]>(
    `UPDATE events SET data = json_set(data, '$.text', '') WHERE task_id = ? AND type = 'text' AND data ->> 'text' <> ''`,
  );
  const mark = db.prepare<[number]>('UPDATE tasks SET compacted = 1 WHERE id = ?');

  const pragma = (name: string): number => Number(db.pragma(name, { simple: true }));

  return {
    usedBytes: () => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size'),
    compact({ before, behind, limit }) {
      const looked = next.all(behind, limit);
      const due = looked.filter((task) => task.due > 0 && task.due < before);
      if (due.length > 0)
        commit(() => {
          for (const { id } of due) {
            empty.run(id);
            mark.run(id);
          }
        });
      return looked.length < limit ? null : (looked.at(-1)?.id ?? null);
    },
  };
}
