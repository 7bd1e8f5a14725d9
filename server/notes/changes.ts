import type { Note, NotificationParams } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import { type NoteRow, toNote } from './noteRow.ts';

export interface NoteListeners {
  onChange(note: Note): void;
  onRemove(removal: NotificationParams<'note/didRemove'>): void;
}

/** Tells listeners what was committed since the last look, whichever server of the workspace wrote it. */
export function createNoteChanges({ db, onChange, onRemove }: NoteListeners & { db: Db }): () => void {
  const newest = db.prepare<[], number>('SELECT change FROM note_clock').pluck();
  const changed = db.prepare<[number], NoteRow>('SELECT * FROM notes WHERE change > ? ORDER BY change');
  const removed = db.prepare<[number], { change: number; id: string; path: string; moved_to: string | null }>(
    'SELECT * FROM note_removals WHERE change > ? ORDER BY change',
  );
  let seen = guarded(() => newest.get() ?? 0);

  return () => {
    const until = guarded(() => newest.get() ?? 0);
    // In a transaction of somebody else's, which may yet be undone: who began it looks again afterwards.
    if (until === seen || db.inTransaction) return;
    const rows = guarded(() => changed.all(seen));
    const gone = guarded(() => removed.all(seen));
    seen = until;
    for (const { id, path, moved_to: movedTo } of gone) onRemove({ id, path, movedTo });
    for (const row of rows) onChange(toNote(row));
  };
}
