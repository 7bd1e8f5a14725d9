import { useMemo, useState } from 'react';
import { firstMarker } from '../../../protocol/markers.ts';
import type { Conflict, Proposal } from '../../../protocol/proposals.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { t } from '../../words.ts';

interface ConflictsProps {
  readonly taskId: string;
  readonly status: Proposal['status'];
  readonly onResolved: () => void;
}

/** Files in which the same lines were changed: each with both versions, for the person to make one of them. */
export function Conflicts({ taskId, status, onResolved }: ConflictsProps) {
  const source = useMemo(
    (): LiveSource<readonly Conflict[]> => ({
      load: async (client) => (await client.request('proposal/conflicts', { taskId })).conflicts,
    }),
    [taskId],
  );
  const live = useLive(source);
  const resolved = () => {
    live.reload();
    onResolved();
  };
  return (
    <LiveView live={live} loading={t('The conflicts are being loaded')}>
      {(conflicts) =>
        conflicts.map((conflict) => (
          <Resolve
            key={`${conflict.path} ${conflict.marked}`}
            {...{ taskId, status, conflict }}
            onResolved={resolved}
          />
        ))
      }
    </LiveView>
  );
}

function Resolve({ taskId, status, conflict, onResolved }: ConflictsProps & { readonly conflict: Conflict }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const { path, reason, ours, theirs, marked } = conflict;
  const [text, setText] = useState(marked ?? '');
  const marker = firstMarker(text);
  const resolve = (made: string | null) =>
    void run('merge', () =>
      client.request('proposal/merge', { taskId, resolved: [{ path, over: ours, text: made }] }),
    ).then((went) => went && onResolved());
  const isBusy = running !== undefined;
  const isUndo = status === 'accepted';
  return (
    <section aria-label={t('Conflict in {0}', path)} className="flex flex-col gap-2 rounded border border-warning p-3">
      <h3 className="break-all font-mono">{path}</h3>
      <p className="text-warning">{reason}</p>
      {isUndo ? (
        <p className="text-muted">{t('Put these lines back by hand, and undo the task again.')}</p>
      ) : marked === null ? null : (
        <TextArea
          label={t('What the file is to be: take the markers out')}
          value={text}
          rows={Math.min(24, text.split('\n').length + 1)}
          onChange={setText}
          error={marker === undefined ? undefined : t('Line {0} still is a marker of the conflict.', marker)}
        />
      )}
      {isUndo ? null : (
        <div className="flex flex-wrap gap-2">
          <Button
            look="primary"
            disabled={isBusy || marked === null || marker !== undefined}
            onPress={() => resolve(text)}
          >
            {t('Take this text')}
          </Button>
          <Button disabled={isBusy} onPress={() => resolve(theirs)}>
            {t("Take the task's version")}
          </Button>
          <Button disabled={isBusy} onPress={() => resolve(ours)}>
            {t('Keep what is on disk')}
          </Button>
        </div>
      )}
      {error === undefined ? null : <Problem error={error} />}
    </section>
  );
}
