import { useMemo, useState } from 'react';
import { INTERACTIVE } from '../../../protocol/interactive.ts';
import type { Model } from '../../../protocol/models.ts';
import { type AutoAccept, MAX_TEXT, type TaskKind } from '../../../protocol/tasks.ts';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { t } from '../../words.ts';
import { autoAcceptWord, levels } from './autoAcceptWords.ts';
import { kindExample, kindWord, taskKinds } from './kindWords.ts';
import { Mentions } from './Mentions.tsx';
import { modelOptions } from './modelOptions.ts';

const models: LiveSource<readonly Model[]> = {
  load: async (client) => (await client.request('model/list', {})).models,
};

/** What is to be done, by which model, and how far it may go by itself. */
export default function NewTask({ onLeave }: { readonly onLeave: () => void }) {
  const { client, tasks, place } = useHub();
  const { running, error, run } = useAction();
  const { value = [] } = useLive(models);
  const [kind, setKind] = useState<TaskKind>('agent');
  const [instruction, setInstruction] = useState('');
  const [model, setModel] = useState('default');
  const [autoAccept, setAutoAccept] = useState<AutoAccept>('none');
  const [priority, setPriority] = useState('0');
  // A second click, or a second try after the line broke, is the same task.
  const [id] = useState(() => crypto.randomUUID());
  const options = useMemo(() => modelOptions(value), [value]);
  const canSubmit = instruction.trim() !== '' && running === undefined;
  const submit = () => {
    if (!canSubmit) return;
    void run('submit', async () => {
      const asked = { id, kind, instruction: instruction.trim(), model, autoAccept, priority: Number(priority) };
      const { task } = await client.request('task/submit', asked);
      tasks.put(task);
      place.go(`tasks/${task.number}`);
    });
  };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex max-w-3xl flex-col gap-3 p-4">
        <div className="flex items-center">
          <h2 className="flex-1 font-semibold text-large">{t('New task')}</h2>
          <IconButton icon="close" label={t('All tasks')} onPress={onLeave} />
        </div>
        <Dropdown
          label={t('Kind')}
          value={kind}
          options={taskKinds.map((one) => ({ value: one, text: kindWord(one) }))}
          onChange={setKind}
        />
        <TextArea
          label={t('What is to be done')}
          placeholder={t('For example: {0}', kindExample(kind))}
          value={instruction}
          rows={6}
          maxLength={MAX_TEXT}
          onChange={setInstruction}
          onSubmit={submit}
        />
        <Mentions onMention={(mention) => setInstruction((text) => withMention(text, mention))} />
        <div className="grid gap-3 narrow:grid-cols-3">
          <Dropdown label={t('Model')} value={model} options={options} onChange={setModel} />
          <Dropdown
            label={t('Without a question')}
            value={autoAccept}
            options={levels.map((level) => ({ value: level, text: autoAcceptWord(level) }))}
            onChange={setAutoAccept}
          />
          <Dropdown
            label={t('When it starts')}
            value={priority}
            options={[
              { value: '0', text: t('In turn') },
              { value: '100', text: t('Next') },
              { value: String(INTERACTIVE), text: t('Now') },
            ]}
            onChange={setPriority}
          />
        </div>
        <div className="flex items-center gap-3">
          <Button look="primary" disabled={!canSubmit} onPress={submit}>
            {t('Start the task')}
          </Button>
          <span className="text-muted">{t('Ctrl+Enter')}</span>
        </div>
        {error === undefined ? null : <Problem error={error} />}
      </div>
    </div>
  );
}

const withMention = (text: string, mention: string): string =>
  text === '' || /\s$/.test(text) ? `${text}${mention} ` : `${text} ${mention} `;
