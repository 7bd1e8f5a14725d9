import { useState } from 'react';
import type { Model } from '../../../protocol/models.ts';
import { formatBytes, formatDecimal } from '../../../protocol/quantities.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { plural, t } from '../../words.ts';
import { refOf } from './modelSources.ts';

/** Loads, pins, measures, verifies and removes a model. */
export function ModelActions({ model }: { readonly model: Model }) {
  const { client } = useHub();
  const { running, error, run } = useAction();
  const [asks, setAsks] = useState(false);
  const [said, setSaid] = useState('');
  const ref = refOf(model);
  const isLoaded = model.state === 'ready';
  const act = (name: string, work: () => Promise<string>) => {
    setSaid('');
    void run(name, async () => setSaid(await work()));
  };
  const load = async () => {
    const { ms } = await client.request('model/load', { model: ref });
    return t('Loaded in {0} s.', formatDecimal(ms / 1000, 1));
  };
  const unload = async () => {
    const { interrupted } = await client.request('model/unload', { model: ref });
    return interrupted === 0
      ? t('Unloaded.')
      : plural('Unloaded; {0} request tries again.|Unloaded; {0} requests try again.', interrupted);
  };
  const pin = async () => {
    await client.request('model/pin', { model: ref, pinned: !model.pinned });
    return model.pinned ? t('It makes room for others again.') : t('It stays in memory once it is loaded.');
  };
  const measure = async () => {
    const { benchmark } = await client.request('model/benchmark', { model: ref });
    return t('{0} tokens/s of an answer.', formatDecimal(benchmark.decodeRate, 1));
  };
  const verify = async () => {
    const { files } = await client.request('model/verify', { model: ref });
    const bad = files.filter(({ found }) => found !== 'whole');
    return bad.length === 0
      ? t('It is as it was imported.')
      : bad.map(({ name, found }) => `${name}: ${found}`).join(', ');
  };
  const remove = async () => {
    setAsks(false);
    const { freed } = await client.request('model/remove', { model: ref });
    return t('Removed; {0} became free.', formatBytes(freed));
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {isLoaded ? (
          <Button onPress={() => act(t('Unloading'), unload)} disabled={running !== undefined}>
            {t('Unload')}
          </Button>
        ) : (
          <Button onPress={() => act(t('Loading'), load)} disabled={running !== undefined}>
            {t('Load')}
          </Button>
        )}
        <Button onPress={() => act(t('Pinning'), pin)} disabled={running !== undefined}>
          {model.pinned ? t('Unpin') : t('Pin')}
        </Button>
        <Button onPress={() => act(t('Measuring'), measure)} disabled={running !== undefined}>
          {t('Measure')}
        </Button>
        {model.sha256 === null ? null : (
          <Button onPress={() => act(t('Reading its files'), verify)} disabled={running !== undefined}>
            {t('Verify')}
          </Button>
        )}
        {model.embedded ? null : (
          <Button onPress={() => setAsks(true)} disabled={running !== undefined || asks}>
            {t('Remove')}
          </Button>
        )}
        {running === undefined ? null : <Spinner label={running} />}
        <span role="status" className="text-muted">
          {running ?? said}
        </span>
      </div>
      {asks ? (
        <Confirm
          question={t('Remove {0}?', ref)}
          yes={t('Remove')}
          onYes={() => act(t('Removing'), remove)}
          onNo={() => setAsks(false)}
        >
          <p className="text-muted">{removalText(model)}</p>
        </Confirm>
      ) : null}
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}

function removalText({ bytes, aliases }: Model): string {
  const freed = t('Its {0} in the store become free; a file that only lies elsewhere stays.', formatBytes(bytes));
  return aliases.length === 0 ? freed : `${freed} ${t('Its names go with it: {0}.', aliases.join(', '))}`;
}
