import { useState } from 'react';
import type { Model } from '../../../protocol/models.ts';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';
import { refOf } from './modelSources.ts';

/** Names that the product itself asks for. */
const known: readonly (readonly [alias: string, what: () => string])[] = [
  ['default', () => t('tasks and chat')],
  ['fast', () => t('what has to be quick')],
  ['fill', () => t('inline completion')],
  ['embed', () => t('finding similar texts')],
];

/** The names that lead to a version, and a way to give it another. */
export function Aliases({ model }: { readonly model: Model }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [name, setName] = useState('');
  const set = async (alias: string) => {
    const isSet = await run(alias, () => client.request('model/setAlias', { alias, model: refOf(model) }));
    if (isSet) setName('');
  };
  const missing = known.filter(([alias]) => !model.aliases.includes(alias));
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-muted">{t('Used for')}</span>
        {model.aliases.length === 0 ? <span>{t('nothing by name')}</span> : null}
        {model.aliases.map((alias) => (
          <span key={alias} className="inline-flex items-center gap-1">
            {alias} <span className="text-muted">{known.find(([one]) => one === alias)?.[1]()}</span>
            <IconButton
              icon="close"
              label={t('Take the name {0} away', alias)}
              disabled={running !== undefined}
              onPress={() => void run(alias, () => client.request('model/removeAlias', { alias }))}
            />
          </span>
        ))}
      </div>
      <div className="flex flex-wrap items-end gap-2">
        {missing.map(([alias, what]) => (
          <Button key={alias} disabled={running !== undefined} onPress={() => void set(alias)}>
            {t('Use for {0}', what())}
          </Button>
        ))}
        <TextField
          label={t('Another name')}
          hideLabel
          value={name}
          placeholder={t('Another name')}
          onChange={setName}
          onEnter={() => name.trim() !== '' && void set(name.trim())}
        />
        <Button disabled={running !== undefined || name.trim() === ''} onPress={() => void set(name.trim())}>
          {t('Name it so')}
        </Button>
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}
