import type { Items } from '../horizon/items.ts';
import type { Notes } from '../notes/notes.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';

/**
 * Keeps a box and the item that was made of it alike: an item that is done ticks its box, and a box that somebody ticks has
 * its item done; taken back, it is taken back in both.
 */
export interface BoxTicks {
  /** To be told of every note and item that changed; does nothing where both agree. */
  changedNote(noteId: string): void;
  changedItem(itemId: string): void;
  /** Deals with what changed while nobody was there to be told. */
  catchUp(): void;
}

interface BoxTicksDeps {
  db: Db;
  notes: Pick<Notes, 'tick' | 'poll'>;
  items: Pick<Items, 'change' | 'commit'>;
}

interface Pair {
  item: string;
  note: string;
  box: string;
  item_done: 0 | 1;
  box_done: 0 | 1;
  /** When they last agreed; null when they never did. */
  agreed: 0 | 1 | null;
}

const PAIRS = `SELECT i.id AS item, n.id AS note, i.box, i.done_at IS NOT NULL AS item_done, b.done AS box_done, t.done AS agreed
FROM items i JOIN notes n ON n.id = i.note_id JOIN note_boxes b ON b.note = n.number AND b.id = i.box
  LEFT JOIN box_ticks t ON t.item_id = i.id AND t.note_id = i.note_id AND t.box = i.box
WHERE i.removed = 0 AND (t.done IS NULL OR t.done <> b.done OR t.done <> (i.done_at IS NOT NULL))`;

export function createBoxTicks({ db, notes, items }: BoxTicksDeps): BoxTicks {
  const ofNote = db.prepare<[string], Pair>(`${PAIRS} AND i.note_id = ? ORDER BY i.number`);
  const ofItem = db.prepare<[string], Pair>(`${PAIRS} AND i.id = ?`);
  const all = db.prepare<[], Pair>(`${PAIRS} AND i.note_id IS NOT NULL ORDER BY i.number`);
  const agree = db.prepare<[Pick<Pair, 'item' | 'note' | 'box'> & { done: 0 | 1 }]>(
    `INSERT INTO box_ticks (item_id, note_id, box, done) VALUES (@item, @note, @box, @done)
     ON CONFLICT (item_id) DO UPDATE SET note_id = excluded.note_id, box = excluded.box, done = excluded.done`,
  );

  const settle = ({ item, note, box, item_done, box_done, agreed }: Pair) => {
    // Where they never agreed, what is done is the news.
    const done = agreed === null ? (item_done || box_done ? 1 : 0) : agreed === 1 ? 0 : 1;
    const news = item_done === box_done ? item_done : done;
    if (box_done !== news) notes.tick(note, box, news === 1);
    if (item_done !== news) items.change({ itemId: item, done: news === 1 });
    agree.run({ item, note, box, done: news });
  };

  const settleAll = (read: () => Pair[]) => {
    // Most changes are about something else: no transaction for these.
    if (guarded(read).length === 0) return;
    guarded(() => items.commit(() => read().forEach(settle)));
    // Within the transaction nobody was told of what it wrote into notes.
    notes.poll();
  };

  return {
    changedNote: (noteId) => settleAll(() => ofNote.all(noteId)),
    changedItem: (itemId) => settleAll(() => ofItem.all(itemId)),
    catchUp: () => settleAll(() => all.all()),
  };
}
