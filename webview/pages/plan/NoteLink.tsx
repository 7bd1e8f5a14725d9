import { useEffect, useState } from 'react';
import type { Item } from '../../../protocol/items.ts';
import type { Note } from '../../../protocol/notes.ts';
import { useHub } from '../../stores/hub.ts';
import { Link } from '../../ui/Link.tsx';
import { t } from '../../words.ts';

/** The way to the note that an item belongs to. */
export function NoteLink({ item: { noteId } }: { readonly item: Item }) {
  const { client, place } = useHub();
  const [note, setNote] = useState<Note>();
  useEffect(() => {
    setNote(undefined);
    if (noteId === null) return;
    const gaveUp = new AbortController();
    // A note that is gone has no link.
    client.request('note/show', { note: noteId }, gaveUp).then(
      (answer) => setNote(answer.note),
      () => setNote(undefined),
    );
    return () => gaveUp.abort();
  }, [client, noteId]);
  if (note === undefined) return null;
  return (
    <div className="flex flex-col gap-1">
      <span>{t('Note')}</span>
      <span className="truncate">
        <Link onPress={() => place.go(`notes/${note.path}`)}>{note.title}</Link>
      </span>
    </div>
  );
}
