import { useMemo } from 'react';
import type { ShownFile } from '../../../protocol/proposalFiles.ts';
import type { Proposal, Selection } from '../../../protocol/proposals.ts';
import { Button } from '../../ui/Button.tsx';
import { t } from '../../words.ts';
import { DiffView } from './DiffView.tsx';
import { diffParts, lineCounts, movedParts } from './diffParts.ts';

/** All that is left when nothing is selected. */
export interface Decision {
  readonly does: 'accept' | 'reject';
  readonly files?: Selection;
}

interface FileReviewProps {
  readonly file: ShownFile;
  readonly proposal: Proposal;
  readonly disabled: boolean;
  /** Absent where there is nothing to decide any more. */
  readonly onDecide?: ((decision: Decision) => void) | undefined;
}

/** One file of a proposal with its changes; one that was moved is decided on whole, as it stands between two. */
export function FileReview({ file, proposal, disabled, onDecide }: FileReviewProps) {
  const { path, change, from, isLeft, fit } = file;
  const reviewed = proposal.files.find((one) => one.path === path);
  const origin = change === 'moved' ? proposal.files.find((one) => one.path === from) : undefined;
  const parts = useMemo(() => {
    if (reviewed === undefined) return [];
    return origin === undefined ? diffParts(reviewed) : movedParts(origin.before, reviewed.after);
  }, [reviewed, origin]);
  if (reviewed === undefined) return null;
  const counts = lineCounts({ hunks: parts.flatMap((part) => (part.type === 'hunk' ? [part.hunk] : [])) });
  const whole: Selection = origin === undefined ? [{ path }] : [{ path: origin.path }, { path }];
  const canDecide = onDecide !== undefined && isLeft;
  return (
    <section aria-label={path} className="rounded border border-edge">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-edge border-b bg-raised px-3 py-1.5">
        <h3 className="min-w-40 flex-1 break-all font-mono">
          {path} <span className="font-sans text-muted">{wordsOf(file, reviewed.written)}</span>
        </h3>
        <span className="text-muted tabular-nums">
          +{counts.added} −{counts.removed}
        </span>
        {canDecide ? (
          <>
            <Button disabled={disabled} onPress={() => onDecide({ does: 'accept', files: whole })}>
              {t('Accept file')}
            </Button>
            <Button disabled={disabled} onPress={() => onDecide({ does: 'reject', files: whole })}>
              {t('Reject file')}
            </Button>
          </>
        ) : null}
      </header>
      {fit === 'merge' && isLeft ? (
        <p className="px-3 py-1 text-warning">{t('The file was changed meanwhile; both changes fit together.')}</p>
      ) : null}
      {parts.length === 0 ? (
        <p className="px-3 py-2 text-muted">{t('Nothing of it is left to decide.')}</p>
      ) : (
        <DiffView
          parts={parts}
          label={path}
          actions={(hunk, index, all) =>
            canDecide && origin === undefined && all > 1 ? (
              <span className="flex flex-wrap gap-2">
                <Button
                  disabled={disabled}
                  onPress={() => onDecide({ does: 'accept', files: [{ path, hunks: [hunk.id] }] })}
                >
                  {t('Accept hunk {0} of {1}', index + 1, all)}
                </Button>
                <Button
                  disabled={disabled}
                  onPress={() => onDecide({ does: 'reject', files: [{ path, hunks: [hunk.id] }] })}
                >
                  {t('Reject hunk {0}', index + 1)}
                </Button>
              </span>
            ) : null
          }
        />
      )}
    </section>
  );
}

function wordsOf({ change, from, fit, isLeft }: ShownFile, written: 'none' | 'some' | 'all'): string {
  const words = [
    ...(change === 'new' ? [t('new')] : []),
    ...(change === 'deleted' ? [t('deleted')] : []),
    ...(change === 'moved' ? [t('moved from {0}', from ?? '')] : []),
    ...(written === 'some' ? [t('a part of it is on disk')] : []),
    ...(written === 'all' ? [t('on disk')] : []),
    ...(isLeft && fit === 'conflict' ? [t('conflict: the same lines were changed')] : []),
  ];
  return words.join(' · ');
}
