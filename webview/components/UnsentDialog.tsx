import { NoteConflict } from '../../protocol/notes.ts';
import type { Unsent } from '../offline/database.ts';
import { useHub } from '../stores/hub.ts';
import { useOffline } from '../stores/offline.ts';
import { Button } from '../ui/Button.tsx';
import { t } from '../words.ts';
import { Dialog } from './Dialog.tsx';
import { RelativeTime } from './RelativeTime.tsx';

/** What was written without the server and is not with it yet. What it refused waits for the person, and nothing is overwritten. */
export function UnsentDialog({ onClose }: { readonly onClose: () => void }) {
  const unsent = useOffline()?.unsent ?? [];
  return (
    <Dialog title={t('Not sent yet')} onClose={onClose}>
      <ul className="flex flex-col gap-4">
        {unsent.map((each) => (
          <li key={each.seq}>
            <OneUnsent unsent={each} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function OneUnsent({ unsent }: { readonly unsent: Unsent }) {
  const { offline, toasts } = useHub();
  const { seq, problem, method, params, at } = unsent;
  const conflict = NoteConflict.safeParse(problem?.details);
  const run = (work: Promise<void> | undefined) => void work?.catch(toasts.fail);
  return (
    <section aria-label={titleOf(unsent)} className="flex flex-col gap-1.5">
      <h3 className="font-semibold">
        {titleOf(unsent)} <RelativeTime at={at} />
      </h3>
      {problem === null ? (
        <p className="text-muted">{t('It is sent when the server is back.')}</p>
      ) : (
        <p>
          {problem.message} <span className="text-muted">{problem.hint}</span>
        </p>
      )}
      {conflict.success ? (
        <div className="grid gap-2 wide:grid-cols-2">
          <Text title={t('Written here')} text={String(params['text'])} />
          <Text title={t('What stands there now')} text={conflict.data.text ?? t('There is no note any more.')} />
        </div>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {problem === null ? null : method === 'note/save' ? (
          <Button onPress={() => run(offline?.saveAsCopy(seq, t('(written offline)')))}>
            {t('Save as a note of its own')}
          </Button>
        ) : (
          <Button onPress={() => run(offline?.retry(seq))}>{t('Send again')}</Button>
        )}
        <Button onPress={() => run(offline?.drop(seq))}>{t('Discard')}</Button>
      </div>
    </section>
  );
}

function Text({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <figure className="min-w-0">
      <figcaption className="text-muted">{title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by keyboard. */}
      <pre tabIndex={0} className="max-h-40 overflow-auto whitespace-pre-wrap border border-edge bg-side p-2">
        {text}
      </pre>
    </figure>
  );
}

function titleOf({ method, params }: Unsent): string {
  const words = (name: string) => String(params[name] ?? '').slice(0, 100);
  if (method === 'note/save') return t('Note {0}', words('path'));
  if (method === 'task/submit') return t('Task: {0}', words('instruction'));
  if (method === 'item/add') return t('Item: {0}', words('title'));
  return method === 'item/move' ? t('Move of an item to {0}', words('horizon')) : t('Change of an item');
}
