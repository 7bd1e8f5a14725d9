import { Dialog } from '../../components/Dialog.tsx';
import type { NoteDraft } from '../../stores/noteDraft.ts';
import { Button } from '../../ui/Button.tsx';
import { t } from '../../words.ts';
import { changedLines } from './changedLines.ts';

interface ConflictProps {
  readonly draft: NoteDraft;
  readonly mine: string;
  /** Null where the note was removed. */
  readonly theirs: string | null;
}

/** Both changed the same lines: the person decides. Until then nothing is written, and the text here is kept. */
export function ConflictDialog({ draft, mine, theirs }: ConflictProps) {
  const keep = () => draft.decide('mine');
  const drop = () => draft.decide('theirs');
  const lines = theirs === null ? [] : changedLines(theirs, mine);
  return (
    <Dialog
      title={theirs === null ? t('The note was removed meanwhile') : t('The note was changed meanwhile')}
      onClose={() => draft.decide(theirs === null ? 'mine' : 'both')}
      actions={
        <>
          <Button onPress={drop}>{theirs === null ? t('Let it be removed') : t('Take the other text')}</Button>
          <Button onPress={keep}>{theirs === null ? t('Write it again') : t('Keep my text')}</Button>
          {theirs === null ? null : (
            <Button look="primary" onPress={() => draft.decide('both')}>
              {t('Merge in the editor')}
            </Button>
          )}
        </>
      }
    >
      <p>
        {theirs === null
          ? t('Somebody removed it while you wrote. Your text is still here.')
          : t(
              'Somebody changed the same lines as you. Nothing was written over. Merging puts both into the text, between marks.',
            )}
      </p>
      {lines.length === 0 ? null : (
        <section
          aria-label={t('What differs')}
          className="max-h-80 overflow-auto border border-edge font-mono text-small"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard
          tabIndex={0}
        >
          {lines.map(({ side, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text, in its order
            <div key={index} className={`flex gap-2 px-2 ${side === 'mine' ? 'bg-added' : 'bg-removed'}`}>
              <span className="w-14 shrink-0 text-muted">{side === 'mine' ? t('mine') : t('theirs')}</span>
              <span className="whitespace-pre-wrap break-words">{text}</span>
            </div>
          ))}
        </section>
      )}
    </Dialog>
  );
}
