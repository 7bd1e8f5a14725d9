import type { AdoptableModel } from '../../../protocol/adoption.ts';
import type { Result } from '../../../protocol/methods.ts';
import { formatBytes } from '../../../protocol/quantities.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { Section } from '../../components/Section.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { t } from '../../words.ts';

const adoptableSource: LiveSource<Result<'model/adoptable'>> = {
  load: (client) => client.request('model/adoptable', {}),
};

/** Models that other programs hold on this disk. */
export function AdoptList() {
  const live = useLive(adoptableSource);
  return (
    <Section
      title={t('Share with other programs')}
      detail={t('Models that Ollama, LM Studio or Hugging Face’s tools hold here are used without a copy.')}
    >
      <LiveView live={live} loading={t('The disk is being looked at')}>
        {({ models, isCut }) => (
          <>
            {models.length === 0 ? <p className="text-muted">{t('They hold none on this disk.')}</p> : null}
            <ul aria-label={t('Models of other programs')} className="m-0 max-w-3xl list-none p-0">
              {models.map((model) => (
                <li key={model.path}>
                  <AdoptRow model={model} onAdopted={live.reload} />
                </li>
              ))}
            </ul>
            {isCut ? <p className="text-muted">{t('There are more than could be looked at.')}</p> : null}
          </>
        )}
      </LiveView>
    </Section>
  );
}

function AdoptRow({ model, onAdopted }: { readonly model: AdoptableModel; readonly onAdopted: () => void }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const { program, name, tag, bytes, path, adopted } = model;
  const adopt = async () => {
    if (await run(path, () => client.request('model/adopt', { path }))) onAdopted();
  };
  return (
    <>
      <div className="flex items-center gap-3 border-edge border-b py-1">
        <div className="min-w-0 flex-1">
          <div className="truncate">{[name, tag].filter((part) => part !== null).join(':')}</div>
          <div className="truncate font-mono text-muted text-small">{path}</div>
        </div>
        <span className="hidden shrink-0 text-muted narrow:block">{program}</span>
        <span className="w-20 shrink-0 text-right text-muted tabular-nums">{formatBytes(bytes)}</span>
        {adopted === null ? (
          <Button disabled={running !== undefined} onPress={() => void adopt()}>
            {t('Use')} <span className="sr-only">{name}</span>
          </Button>
        ) : (
          <span className="text-muted">{t('is {0}', adopted)}</span>
        )}
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </>
  );
}
