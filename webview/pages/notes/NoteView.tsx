import { lazy, Suspense, useEffect, useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Markdown } from '../../components/Markdown.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useDraft, useHub } from '../../stores/hub.ts';
import type { NoteDraft } from '../../stores/noteDraft.ts';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { t } from '../../words.ts';
import { ConflictDialog } from './ConflictDialog.tsx';
import { NewNote } from './NewNote.tsx';
import { NoteAside } from './NoteAside.tsx';
import { NoteBar } from './NoteBar.tsx';
import { targetPath } from './targetPath.ts';
import { wikiText } from './wikiText.ts';

const NoteEditor = lazy(() => import('./NoteEditor.tsx'));

/** One note: its text to edit or to read, and beside it what it is connected with. */
export function NoteView({ path }: { readonly path: string }) {
  const { notes } = useHub();
  const [draft, setDraft] = useState<NoteDraft>();
  useEffect(() => {
    const opened = notes.draft(path);
    setDraft(opened);
    return () => notes.leave(opened);
  }, [notes, path]);
  return draft === undefined ? null : <Opened draft={draft} />;
}

function Opened({ draft }: { readonly draft: NoteDraft }) {
  const { client, place, toasts } = useHub();
  const { status, path, text, revision, facts, problem, conflict } = useDraft(draft);
  const [isReading, setReading] = useState(false);
  const [isMoving, setMoving] = useState(false);
  const make = (to: string) =>
    client
      .request('note/save', {
        path: to,
        text: `# ${to.slice(to.lastIndexOf('/') + 1).replace(/\.md$/i, '')}\n\n`,
        base: null,
      })
      .then(
        ({ note }) => (note.path === path ? draft.refresh() : place.go(`notes/${note.path}`)),
        (thrown: unknown) => toasts.fail(thrown),
      );
  const follow = (target: string) => {
    const to = targetPath(target, path, facts?.links ?? []);
    if (to.isThere) place.go(`notes/${to.path}`);
    else toasts.say(t('There is no note {0} yet.', to.path), { title: t('Write it'), run: () => void make(to.path) });
  };
  if (status === 'loading')
    return (
      <div className="p-4">
        <Spinner label={t('The note is being loaded')} />
      </div>
    );
  if (status === 'failed')
    return <Problem error={problem} actions={<Button onPress={() => void draft.refresh()}>{t('Try again')}</Button>} />;
  if (status === 'missing')
    return (
      <EmptyState
        icon="notes"
        title={t('There is no note {0}', path)}
        actions={<Button onPress={() => void make(path)}>{t('Write it')}</Button>}
      >
        {t('It may have been removed, or a link leads to a note that nobody has written yet.')}
      </EmptyState>
    );
  return (
    <>
      <NoteBar draft={draft} isReading={isReading} onRead={setReading} onMove={() => setMoving(true)} />
      {isMoving ? <NewNote from={path} onClose={() => setMoving(false)} /> : null}
      {conflict === undefined ? null : <ConflictDialog draft={draft} mine={text} theirs={conflict.theirs} />}
      {problem === undefined ? null : <Problem error={problem} />}
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto roomy:flex-row roomy:overflow-hidden">
        {isReading ? (
          <section
            aria-label={t('Text of the note')}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard
            tabIndex={0}
            className="min-w-0 flex-1 px-4 py-3 roomy:overflow-y-auto"
          >
            <Markdown text={wikiText(text)} onLink={follow} />
          </section>
        ) : (
          <Suspense
            fallback={
              <div className="flex-1 p-4">
                <Spinner label={t('The editor is being loaded')} />
              </div>
            }
          >
            <NoteEditor
              text={text}
              revision={revision}
              label={t('Text of the note')}
              onChange={(typed) => draft.edit(typed)}
              onFollow={follow}
              onSave={() => void draft.flush()}
              find={async (typed) => (await client.request('note/find', { text: typed, limit: 30 })).names}
            />
          </Suspense>
        )}
        {facts === undefined ? null : (
          <NoteAside draft={draft} facts={facts} onOpen={(to) => place.go(`notes/${to}`)} />
        )}
      </div>
    </>
  );
}
