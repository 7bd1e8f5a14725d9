import { useMemo, useState } from 'react';
import type { CatalogueEntry, ModelTask } from '../../../protocol/catalogue.ts';
import type { Result } from '../../../protocol/methods.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { t } from '../../words.ts';

/** Names of models that others made and that this machine has memory for. */
export function Catalogue() {
  const [task, setTask] = useState<ModelTask>('code');
  const source = useMemo((): LiveSource<Result<'model/catalogue'>> => {
    return { load: (client) => client.request('model/catalogue', { task }) };
  }, [task]);
  const live = useLive(source);
  const options = [
    { value: 'code', text: t('for code') },
    { value: 'chat', text: t('for chat') },
    { value: 'fill', text: t('for inline completion') },
    { value: 'embed', text: t('for finding similar texts') },
  ] as const;
  return (
    <Section
      title={t('Worth a try')}
      actions={<Dropdown label={t('Good for')} hideLabel value={task} options={options} onChange={setTask} />}
    >
      <LiveView live={live} loading={t('The catalogue is being loaded')}>
        {({ models, note }) => (
          <>
            <p className="max-w-3xl text-muted">{note}</p>
            {models.length === 0 ? <p>{t('This machine has too little memory for each that is known.')}</p> : null}
            <ul aria-label={t('Catalogue')} className="m-0 max-w-3xl list-none p-0">
              {models.map((entry) => (
                <li key={entry.source}>
                  <CatalogueRow entry={entry} />
                </li>
              ))}
            </ul>
          </>
        )}
      </LiveView>
    </Section>
  );
}

function CatalogueRow({ entry }: { readonly entry: CatalogueEntry }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const { name, source, memory, licence } = entry;
  return (
    <>
      <div className="flex items-center gap-3 border-edge border-b py-1">
        <div className="min-w-0 flex-1">
          <div className="truncate">{name}</div>
          <div className="truncate font-mono text-muted text-small">{source}</div>
        </div>
        <span className="hidden shrink-0 text-muted narrow:block">{licence}</span>
        <span className="w-20 shrink-0 text-right text-muted">{t('for {0} GiB', memory)}</span>
        <Button
          disabled={running !== undefined}
          onPress={() => void run(source, () => client.request('pull/start', { source }))}
        >
          {t('Pull')} <span className="sr-only">{name}</span>
        </Button>
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </>
  );
}
