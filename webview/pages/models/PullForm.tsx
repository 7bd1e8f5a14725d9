import { useState } from 'react';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';

/** Fetches what the person names, from where they name, and from nowhere else. */
export function PullForm() {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [source, setSource] = useState('');
  const [alias, setAlias] = useState('');
  const pull = async () => {
    const named = alias.trim() === '' ? {} : { alias: alias.trim() };
    if (await run('pull', () => client.request('pull/start', { source: source.trim(), ...named }))) setSource('');
  };
  const isReady = running === undefined && source.trim() !== '';
  return (
    <Section
      title={t('Pull from another machine')}
      detail={t(
        'OSPAiN2 connects to this source, and to nothing else, until the model is here. It is on record under Privacy.',
      )}
    >
      <div className="grid max-w-3xl grid-cols-1 items-end gap-2 narrow:grid-cols-[1fr_10rem_auto]">
        <TextField
          label={t('Source')}
          value={source}
          placeholder="hf:Qwen/Qwen3-8B-GGUF:Q4_K_M"
          onChange={setSource}
          onEnter={() => isReady && void pull()}
        />
        <TextField label={t('Name it (or nothing)')} value={alias} placeholder="default" onChange={setAlias} />
        <Button look="primary" disabled={!isReady} onPress={() => void pull()}>
          {t('Pull')}
        </Button>
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </Section>
  );
}
