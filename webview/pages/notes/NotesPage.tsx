import { useEffect, useState } from 'react';
import { dayAt } from '../../../protocol/days.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useHub, useNotes } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { plural, t } from '../../words.ts';
import { NewNote } from './NewNote.tsx';
import { NoteList } from './NoteList.tsx';
import { NoteView } from './NoteView.tsx';

/** All notes beside the one that is open; where there is little room, one of the two. */
export default function NotesPage({ rest }: { readonly rest: string }) {
  const { notes, client, place, toasts } = useHub();
  useEffect(() => notes.open(), [notes]);
  const { total, filter, isLoading, error } = useNotes();
  const [isMaking, setMaking] = useState(false);
  const isEmpty = total === 0 && filter.text === '' && filter.tag === '';
  const openToday = () =>
    client.request('note/daily', { date: dayAt(Date.now()) }).then(
      ({ note }) => place.go(`notes/${note.path}`),
      (thrown: unknown) => toasts.fail(thrown),
    );
  return (
    <>
      <PageHeader
        title={t('Notes')}
        detail={total === 0 ? null : plural('{0} note|{0} notes', total)}
        actions={
          <>
            <Button onPress={() => void openToday()}>{t('Today')}</Button>
            <Button onPress={() => setMaking(true)}>{t('New note')}</Button>
          </>
        }
      />
      {isMaking ? <NewNote onClose={() => setMaking(false)} /> : null}
      {error === undefined ? null : (
        <Problem error={error} actions={<Button onPress={() => notes.resync()}>{t('Try again')}</Button>} />
      )}
      {isEmpty && rest === '' ? (
        <Nothing isLoading={isLoading} failed={error !== undefined} onNew={() => setMaking(true)} />
      ) : (
        <div className="flex min-h-0 flex-1">
          <div
            className={`${rest === '' ? 'flex' : 'hidden wide:flex'} min-h-0 w-full flex-col border-edge wide:w-72 wide:border-r`}
          >
            <NoteList current={rest} />
          </div>
          <div className={`${rest === '' ? 'hidden wide:flex' : 'flex'} min-h-0 min-w-0 flex-1 flex-col`}>
            {rest === '' ? (
              <EmptyState icon="notes" title={t('No note is open')}>
                {t(
                  'Choose one from the list. In a note, [[ links to another, # is a tag, and “- [ ]” is a box that can become planned work.',
                )}
              </EmptyState>
            ) : (
              <NoteView key={rest} path={rest} />
            )}
          </div>
        </div>
      )}
    </>
  );
}

function Nothing(props: { readonly isLoading: boolean; readonly failed: boolean; readonly onNew: () => void }) {
  if (props.failed) return null;
  if (props.isLoading)
    return (
      <div className="p-4">
        <Spinner label={t('Notes are being loaded')} />
      </div>
    );
  return (
    <EmptyState
      icon="notes"
      title={t('No notes yet')}
      actions={
        <Button look="primary" onPress={props.onNew}>
          {t('Write the first note')}
        </Button>
      }
    >
      {t(
        'Notes are Markdown, kept encrypted with the tasks of this folder. They link to each other, and a box in a note can become a task. A folder of Obsidian or Foam is taken as it is: “Import Notes from Folder” in VS Code, or “ospain2 note import”.',
      )}
    </EmptyState>
  );
}
