import { useMemo, useState } from 'react';
import type { Client } from '../../../protocol/client.ts';
import { OspainError } from '../../../protocol/errors.ts';
import { shownFiles } from '../../../protocol/proposalFiles.ts';
import type { Proposal } from '../../../protocol/proposals.ts';
import type { Task } from '../../../protocol/tasks.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { plural, t } from '../../words.ts';
import { Conflicts } from './Conflicts.tsx';
import { type Decision, FileReview } from './FileReview.tsx';

/** What the task changed, to be decided on whole, by file or by hunk. */
export function Review({ task }: { readonly task: Task }) {
  const taskId = task.id;
  const source = useMemo((): LiveSource<Proposal> => {
    const load = async (client: Client) => (await client.request('proposal/show', { taskId })).proposal;
    return {
      load,
      // Somebody may decide elsewhere, and files on disk may change: both are told as an event of the task.
      follow: (client, change) =>
        client.on('task/didEvent', ({ event }) => {
          if (event.taskId !== taskId || (event.type !== 'proposal' && event.type !== 'reviewed')) return;
          void load(client).then(
            (proposal) => change(() => proposal),
            () => {},
          );
        }),
    };
  }, [taskId]);
  const live = useLive(source);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <LiveView live={live} loading={t('The changes are being loaded')}>
        {(proposal) => <Decide {...{ task, proposal }} onChange={live.reload} />}
      </LiveView>
    </div>
  );
}

interface DecideProps {
  readonly task: Task;
  readonly proposal: Proposal;
  readonly onChange: () => void;
}

function Decide({ task, proposal, onChange }: DecideProps) {
  const { client, home } = useHub();
  const { running, error, run } = useAction();
  const [said, setSaid] = useState('');
  const { id: taskId } = task;
  const { status } = proposal;
  const files = shownFiles(proposal);
  const isOpen = status === 'open' || status === 'undone';
  const inConflict = isOpen && files.some(({ fit, isLeft }) => isLeft && fit === 'conflict');
  const act = (name: string, done: string, work: () => Promise<unknown>) => {
    setSaid('');
    void run(name, work).then((went) => {
      onChange();
      if (went) setSaid(done);
    });
  };
  const decide = ({ does, files: some }: Decision) =>
    does === 'accept'
      ? act('accept', t('Accepted: it is on disk.'), () =>
          client.request('proposal/accept', { taskId, ...(some ? { files: some } : {}) }),
        )
      : act('reject', t('Rejected.'), () =>
          client.request('proposal/reject', { taskId, ...(some ? { files: some } : {}) }),
        );
  const undo = () =>
    act('undo', t('Undone: the files are as they were.'), () => client.request('proposal/undo', { taskId }));
  const merge = () =>
    act('merge', t('It was made to fit the files. Look at it, and accept it.'), () =>
      client.request('proposal/merge', { taskId }),
    );
  const isBusy = running !== undefined;
  const failedOn = error === undefined ? undefined : OspainError.from(error).code;
  const merges = isOpen && files.some(({ fit, isLeft }) => isLeft && fit === 'merge');
  return (
    <div className="flex flex-col gap-3 p-4">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-48 flex-1 text-muted">{statusText(proposal)}</p>
        {isOpen ? (
          <Button look="primary" disabled={isBusy} onPress={() => decide({ does: 'accept' })}>
            {status === 'undone' ? t('Accept again') : t('Accept all')}
          </Button>
        ) : null}
        {status === 'open' ? (
          <Button disabled={isBusy} onPress={() => decide({ does: 'reject' })}>
            {t('Reject all')}
          </Button>
        ) : null}
        {merges || failedOn === 'conflict' ? (
          <Button disabled={isBusy} onPress={merge}>
            {t('Make it fit the files')}
          </Button>
        ) : null}
        {status === 'accepted' || files.some(({ path }) => isWritten(proposal, path)) ? (
          <Button disabled={isBusy} onPress={undo}>
            {t('Undo')}
          </Button>
        ) : null}
        {home.run === undefined ? null : (
          <Button onPress={() => home.run?.('ospain2.proposal.review', taskId)}>{t('Compare in the editor')}</Button>
        )}
      </div>
      <p role="status" className={said === '' ? 'sr-only' : 'text-muted'}>
        {said}
      </p>
      {error === undefined ? null : <Problem error={error} />}
      {inConflict || failedOn === 'conflict' ? (
        <Conflicts taskId={taskId} status={status} onResolved={onChange} />
      ) : null}
      {files.map((file) => (
        <FileReview
          key={file.path}
          {...{ file, proposal }}
          disabled={isBusy}
          onDecide={status === 'open' ? decide : undefined}
        />
      ))}
    </div>
  );
}

const isWritten = ({ files, status }: Proposal, path: string): boolean =>
  status === 'open' && files.some((file) => file.path === path && file.written !== 'none');

function statusText(proposal: Proposal): string {
  const left = proposal.files.reduce((sum, { hunks }) => sum + hunks.length, 0);
  const files = shownFiles(proposal).length;
  const size = plural('{0} file|{0} files', files);
  switch (proposal.status) {
    case 'open':
      return `${size}, ${plural('{0} hunk to decide|{0} hunks to decide', left)}`;
    case 'accepted':
      return t('{0}: accepted, and on disk', size);
    case 'rejected':
      return t('{0}: rejected', size);
    case 'undone':
      return t('{0}: undone, and not on disk any more', size);
  }
}
