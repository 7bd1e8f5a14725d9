import { useMemo, useState } from 'react';
import { type ApprovalChoice, approvalChoices } from '../../../protocol/approvalChoices.ts';
import type { Approval } from '../../../protocol/approvals.ts';
import type { Client } from '../../../protocol/client.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { t } from '../../words.ts';
import { CodeBox } from './CodeBox.tsx';

/** What a task asks, letter for letter, and every way to answer. */
export function ApprovalCard({ approvalId }: { readonly approvalId: number }) {
  const source = useMemo(
    (): LiveSource<Approval> => ({
      load: async (client) => (await client.request('approval/show', { approvalId })).approval,
      follow: (client, change) =>
        client.on('approval/didChange', ({ approval }) => {
          if (approval.id === approvalId) change(() => approval);
        }),
    }),
    [approvalId],
  );
  const live = useLive(source);
  return (
    <LiveView live={live} loading={t('The question is being loaded')}>
      {(approval) => (approval.status === 'open' ? <Question approval={approval} /> : null)}
    </LiveView>
  );
}

function Question({ approval }: { readonly approval: Approval }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  /** The choice for which something is to be written. */
  const [writes, setWrites] = useState<ApprovalChoice>();
  const choices = approvalChoices(approval);
  const asks = approval.kind === 'question' ? choices.find((choice) => choice.asks !== undefined) : writes;
  const send = (choice: ApprovalChoice, text?: string) =>
    void run(choice.label, () => client.request('approval/answer', answerOf(approval, choice, text)));
  return (
    <section
      aria-label={t('The task asks')}
      className="m-4 flex max-w-4xl flex-col gap-2 rounded border border-edge border-l-2 border-l-warning bg-raised p-3"
    >
      <h3 className="font-semibold">
        {approval.kind === 'question' ? t('The task asks you') : t('The task wants to {0}', approval.summary)}
      </h3>
      <CodeBox label={t('What would be done')}>{approval.text}</CodeBox>
      {approval.reasons.length === 0 ? null : (
        <ul className="text-muted">
          {approval.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {asks?.asks === undefined ? null : (
        <Written key={asks.label} choice={asks} disabled={running !== undefined} onSend={send} />
      )}
      <div className="flex flex-wrap gap-2">
        {choices
          .filter((choice) => choice !== asks)
          .map((choice, index) => (
            <div key={choice.label} className="flex flex-col gap-0.5">
              <Button
                look={index === 0 && asks === undefined ? 'primary' : 'secondary'}
                disabled={running !== undefined}
                onPress={() => (choice.asks === undefined ? send(choice) : setWrites(choice))}
              >
                {choice.label}
              </Button>
              {choice.remember === undefined ? null : (
                <span className="max-w-52 break-words font-mono text-muted text-small">{choice.detail}</span>
              )}
            </div>
          ))}
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </section>
  );
}

interface WrittenProps {
  readonly choice: ApprovalChoice;
  readonly disabled: boolean;
  readonly onSend: (choice: ApprovalChoice, text: string) => void;
}

function Written({ choice, disabled, onSend }: WrittenProps) {
  const [text, setText] = useState('');
  const send = () => {
    if (text.trim() !== '' && !disabled) onSend(choice, text.trim());
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <div className="w-full">
        <TextArea label={choice.asks?.prompt ?? ''} value={text} rows={3} onChange={setText} onSubmit={send} />
      </div>
      <Button look="primary" disabled={disabled || text.trim() === ''} onPress={send}>
        {choice.answer === 'allow' ? t('Answer') : t('Deny with this reason')}
      </Button>
    </div>
  );
}

const answerOf = (
  { id }: Approval,
  { answer, remember }: ApprovalChoice,
  text: string | undefined,
): Parameters<Client['request']>[1] & { approvalId: number; answer: 'allow' | 'deny' } => ({
  approvalId: id,
  answer,
  ...(text === undefined ? {} : { text }),
  ...(remember === undefined ? {} : { remember }),
});
