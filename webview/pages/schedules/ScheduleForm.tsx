import { useState } from 'react';
import type { Schedule } from '../../../protocol/schedules.ts';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';
import { type DraftProblem, draftOf, emptyDraft, readDraft, type ScheduleDraft } from './scheduleDraft.ts';
import { WhenFields } from './WhenFields.tsx';

interface ScheduleFormProps {
  /** The one whose place the new one takes. */
  readonly replaces: Schedule | undefined;
  readonly onDone: () => void;
}

/** Writes a schedule. One that is there does not change, so that its ledger stays true: another takes its place. */
export function ScheduleForm({ replaces, onDone }: ScheduleFormProps) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [draft, setDraft] = useState(replaces === undefined ? emptyDraft : draftOf(replaces));
  const [missing, setMissing] = useState<DraftProblem>();
  const change = (part: Partial<ScheduleDraft>) => {
    setMissing(undefined);
    setDraft((before) => ({ ...before, ...part }));
  };
  const save = async () => {
    const asked = readDraft(draft, Date.now());
    if (typeof asked === 'string') return setMissing(asked);
    const isMade = await run('save', async () => {
      await client.request('schedule/create', asked);
      if (replaces !== undefined) await client.request('schedule/remove', { scheduleId: replaces.id });
    });
    if (isMade) onDone();
  };
  return (
    <div className="border-edge border-b bg-side">
      <Section
        title={replaces === undefined ? t('New schedule') : t('Edit schedule {0}', replaces.number)}
        detail={replaces === undefined ? undefined : t('A new one takes its place; its ledger ends with it.')}
      >
        <div className="flex max-w-3xl flex-col gap-3">
          <TextArea
            label={t('What is to be done')}
            value={draft.instruction}
            rows={3}
            error={missing === 'instruction' ? t('Write what is to be done.') : undefined}
            onChange={(instruction) => change({ instruction })}
            onSubmit={() => void save()}
          />
          <div className="grid grid-cols-1 gap-3 narrow:grid-cols-3">
            <Dropdown
              label={t('Kind of task')}
              value={draft.kind}
              options={[
                { value: 'agent', text: t('agent: works and proposes edits') },
                { value: 'ask', text: t('ask: answers') },
                { value: 'plan', text: t('plan: splits it into parts') },
              ]}
              onChange={(kind) => change({ kind })}
            />
            <TextField label={t('Model')} value={draft.model} onChange={(model) => change({ model })} />
            <Dropdown
              label={t('May do without asking')}
              value={draft.autoAccept}
              options={[
                { value: 'none', text: t('nothing') },
                { value: 'edits', text: t('edits') },
                { value: 'sandboxed', text: t('commands in the sandbox') },
                { value: 'allButDestructive', text: t('all but destructive') },
              ]}
              onChange={(autoAccept) => change({ autoAccept })}
            />
          </div>
          <WhenFields draft={draft} missing={missing} onChange={change} />
          <fieldset className="m-0 flex flex-wrap gap-4 border-0 p-0">
            <legend className="p-0">{t('What must also hold')}</legend>
            <Checkbox checked={draft.idle} onChange={(idle) => change({ idle })}>
              {t('nobody works at the machine')}
            </Checkbox>
            <Checkbox checked={draft.mains} onChange={(mains) => change({ mains })}>
              {t('it is plugged in')}
            </Checkbox>
          </fieldset>
          {error === undefined ? null : <Problem error={error} />}
          <div className="flex gap-2">
            <Button look="primary" disabled={running !== undefined} onPress={() => void save()}>
              {replaces === undefined ? t('Make the schedule') : t('Replace the schedule')}
            </Button>
            <Button onPress={onDone}>{t('Cancel')}</Button>
          </div>
        </div>
      </Section>
    </div>
  );
}
