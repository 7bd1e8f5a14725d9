import { useDraft, useHub } from '../../stores/hub.ts';
import type { NoteDraft } from '../../stores/noteDraft.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { t } from '../../words.ts';

interface NoteBarProps {
  readonly draft: NoteDraft;
  readonly isReading: boolean;
  readonly onRead: (isReading: boolean) => void;
  readonly onMove: () => void;
}

/** Where the note is, whether it is saved, and what can be done with it as a whole. */
export function NoteBar({ draft, isReading, onRead, onMove }: NoteBarProps) {
  const { client, place, toasts } = useHub();
  const { path, isSaved, problem, conflict, facts } = useDraft(draft);
  const remove = async () => {
    try {
      await draft.flush();
      const { note, text } = await client.request('note/remove', { note: path });
      place.go('notes');
      const { id } = note;
      const restore = () =>
        client.request('note/save', { path: note.path, text, base: null, id }).then(
          () => place.go(`notes/${note.path}`),
          (thrown: unknown) => toasts.fail(thrown),
        );
      toasts.say(t('{0} is removed.', note.title), { title: t('Undo'), run: () => void restore() });
    } catch (thrown) {
      toasts.fail(thrown);
    }
  };
  const waits = problem === undefined ? t('being saved') : t('not saved yet; kept here');
  const state = isSaved ? t('saved') : conflict === undefined ? waits : t('waits for you');
  return (
    <div className="flex shrink-0 items-center gap-1 border-edge border-b px-2 py-1">
      <span className="wide:hidden">
        <IconButton icon="left" label={t('Back to the list')} onPress={() => place.go('notes')} />
      </span>
      <h2 className="min-w-0 flex-1 truncate px-2 text-muted" title={path}>
        {path}
      </h2>
      <span aria-live="polite" className="shrink-0 px-1 text-muted text-small">
        {state}
      </span>
      <IconButton
        icon={isReading ? 'edit' : 'open'}
        label={isReading ? t('Edit') : t('Read')}
        onPress={() => onRead(!isReading)}
      />
      <IconButton icon="right" label={t('Move or rename')} onPress={onMove} disabled={facts === undefined} />
      <IconButton icon="remove" label={t('Remove')} onPress={() => void remove()} disabled={facts === undefined} />
    </div>
  );
}
