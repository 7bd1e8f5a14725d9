import { useState } from 'react';
import type { ApprovalRule } from '../../../protocol/approvals.ts';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';

/** Tools that act, and what a pattern of theirs is about. */
const about: Readonly<Record<string, 'command' | 'path'>> = { run_command: 'command' };

/** Writes a rule down before somebody is asked. */
export function RuleForm({ onAdded }: { readonly onAdded: () => void }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [does, setDoes] = useState<ApprovalRule['does']>('allow');
  const [tool, setTool] = useState('run_command');
  const [pattern, setPattern] = useState('');
  const [scope, setScope] = useState<'workspace' | 'user'>('workspace');
  const kind = about[tool.trim()] ?? 'path';
  const add = async () => {
    const part = pattern.trim() === '' ? {} : { [kind]: pattern.trim() };
    const rule: ApprovalRule = { tool: tool.trim(), does, ...part };
    if (!(await run('add', () => client.request('approval/addRule', { rule, scope })))) return;
    setPattern('');
    onAdded();
  };
  // A rule about all commands is better chosen than forgotten.
  const isReady = running === undefined && tool.trim() !== '' && (pattern.trim() !== '' || does !== 'allow');
  return (
    <Section
      title={t('Add a rule')}
      detail={t(
        'A pattern takes * for one word, and as its last word for any number; of paths it is as in .gitignore.',
      )}
    >
      <div className="grid max-w-4xl grid-cols-1 items-end gap-2 narrow:grid-cols-[8rem_10rem_1fr_12rem_auto]">
        <Dropdown
          label={t('What happens')}
          value={does}
          options={[
            { value: 'allow', text: t('allow') },
            { value: 'ask', text: t('ask') },
            { value: 'deny', text: t('deny') },
          ]}
          onChange={setDoes}
        />
        <TextField label={t('Tool')} value={tool} placeholder="run_command" onChange={setTool} />
        <TextField
          label={kind === 'command' ? t('Command') : t('Path (or nothing)')}
          value={pattern}
          placeholder={kind === 'command' ? 'npm test *' : 'docs/**'}
          onChange={setPattern}
          onEnter={() => isReady && void add()}
        />
        <Dropdown
          label={t('Where')}
          value={scope}
          options={[
            { value: 'workspace', text: t('in this folder') },
            { value: 'user', text: t('in all folders') },
          ]}
          onChange={setScope}
        />
        <Button look="primary" disabled={!isReady} onPress={() => void add()}>
          {t('Add')}
        </Button>
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </Section>
  );
}
