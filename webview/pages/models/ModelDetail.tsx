import { useMemo } from 'react';
import type { Result } from '../../../protocol/methods.ts';
import type { Model, ModelFile } from '../../../protocol/models.ts';
import { formatBytes, formatCount, formatDecimal } from '../../../protocol/quantities.ts';
import { type Fact, Facts } from '../../components/Facts.tsx';
import { LiveView } from '../../components/LiveView.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { t } from '../../words.ts';
import { Aliases } from './Aliases.tsx';
import { Benchmarks } from './Benchmarks.tsx';
import { ModelActions } from './ModelActions.tsx';
import { refOf } from './modelSources.ts';

type Shown = Result<'model/show'>;

/** What is known of one version, and what can be done with it. */
export function ModelDetail({ model }: { readonly model: Model }) {
  const ref = refOf(model);
  const source = useMemo(() => detailSource(ref), [ref]);
  const live = useLive(source, String(model.benchmark?.at));
  return (
    <div className="flex flex-col gap-4 py-2 pr-4 pb-4 pl-10">
      {model.problem === null ? null : <p className="text-danger">{model.problem}</p>}
      <ModelActions model={model} />
      <Aliases model={model} />
      <LiveView live={live} loading={t('The model’s details are being loaded')}>
        {(shown) => (
          <>
            <Facts facts={factsOf(model, shown)} />
            <Benchmarks benchmarks={shown.benchmarks} />
          </>
        )}
      </LiveView>
    </div>
  );
}

/** What the messages of the server leave out: its files, what they say, and every time that it was measured. */
const detailSource = (ref: string): LiveSource<Shown> => ({
  load: (client) => client.request('model/show', { model: ref }),
});

function factsOf(model: Model, { files, facts }: Shown): Fact[] {
  const { architecture, parameters, abilities, profile, memoryBytes, licence, source, loadedAt, tags } = model;
  return [
    { name: t('Architecture'), value: architecture },
    { name: t('Weights'), value: parameters === null ? null : weightsText(parameters) },
    { name: t('Kind'), value: model.quantization ?? model.format },
    { name: t('Can'), value: abilities.length === 0 ? null : abilities.join(', ') },
    { name: t('Conversation'), value: conversationText(model, facts) },
    { name: t('Told as'), value: t('a {0} model', profile) },
    {
      name: t('Memory'),
      value: memoryBytes === null ? null : t('about {0} when it is loaded', formatBytes(memoryBytes)),
    },
    { name: t('Tags'), value: tags.length === 0 ? null : tags.join(', ') },
    { name: t('Licence'), value: licence },
    { name: t('From'), value: source },
    { name: t('Loaded'), value: loadedAt === null ? t('never') : <RelativeTime at={loadedAt} /> },
    {
      name: 'SHA-256',
      value: model.sha256 === null ? null : <span className="break-all font-mono text-small">{model.sha256}</span>,
    },
    ...files.map(
      (file, index): Fact => ({
        name: files.length === 1 ? t('File') : t('File {0}', index + 1),
        value: <FileText file={file} />,
      }),
    ),
  ];
}

/** As models are named: `7.6 B`, `135 M`. */
const weightsText = (count: number): string =>
  count >= 1e9 ? `${formatDecimal(count / 1e9, 1)} B` : `${formatDecimal(count / 1e6, count < 1e7 ? 1 : 0)} M`;

function conversationText({ contextLength }: Model, facts: Shown['facts']): string | null {
  if (contextLength === 0) return null;
  const made = facts?.contextLength ?? null;
  const fits = formatCount(contextLength);
  return made === null || made === contextLength
    ? t('{0} tokens fit', fits)
    : t('{0} tokens fit; it was made for {1}', fits, formatCount(made));
}

const FileText = ({ file }: { readonly file: ModelFile }) => (
  <>
    <span className="break-all font-mono text-small">{file.path}</span>{' '}
    <span className="text-muted">
      {formatBytes(file.bytes)}, {keptWord(file.kept)}
    </span>
  </>
);

const keptWord = (kept: ModelFile['kept']): string =>
  kept === 'store' ? t('in the store') : kept === 'shared' ? t('shared with another program') : t('stays where it is');
