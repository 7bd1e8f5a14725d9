import { useState } from 'react';
import type { Model } from '../../../protocol/models.ts';
import { formatBytes, formatCount, formatDecimal } from '../../../protocol/quantities.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Icon, type IconName } from '../../ui/Icon.tsx';
import { t } from '../../words.ts';
import { ModelDetail } from './ModelDetail.tsx';
import { refOf } from './modelSources.ts';

/** Every version, of which one may be open. */
export function ModelList({ models }: { readonly models: readonly Model[] }) {
  const [open, setOpen] = useState<string>();
  return (
    <>
      <ul aria-label={t('Models')} className="m-0 list-none p-0 py-1">
        {models.map((model) => {
          const ref = refOf(model);
          const isOpen = ref === open;
          return (
            <li key={ref} className={isOpen ? 'border-edge border-y bg-side' : ''}>
              <ModelRow model={model} isOpen={isOpen} onToggle={() => setOpen(isOpen ? undefined : ref)} />
              {isOpen ? <ModelDetail model={model} /> : null}
            </li>
          );
        })}
      </ul>
      {models.every(({ embedded }) => embedded) ? <OnlyTheEmbedded /> : null}
    </>
  );
}

const OnlyTheEmbedded = () => (
  <p className="max-w-2xl px-4 pb-3 text-muted">
    {t(
      'Only the small model is here that ships with OSPAiN2: it proves the installation and does simple edits. Real work wants a real model; get one under “Get more”.',
    )}
  </p>
);

interface ModelRowProps {
  readonly model: Model;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function ModelRow({ model, isOpen, onToggle }: ModelRowProps) {
  const { name, version, aliases, bytes, quantization, format, contextLength, benchmark } = model;
  const [icon, color] = looks[model.problem === null ? model.state : 'failed'];
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex min-h-8 w-full items-center gap-2.5 px-4 py-1 text-left hover:bg-hover"
    >
      <Icon name={isOpen ? 'down' : 'right'} className="text-muted" />
      <Icon name={icon} className={color} />
      <span className="min-w-0 truncate">
        {name} <span className="text-muted">{version}</span>
      </span>
      {aliases.map((alias) => (
        <Badge key={alias}>{alias}</Badge>
      ))}
      <span className="min-w-0 flex-1 truncate text-muted">{stateWord(model)}</span>
      <Column width="w-20">{quantization ?? format}</Column>
      <Column width="w-32">{contextLength === 0 ? '' : t('{0} tokens', formatCount(contextLength))}</Column>
      <Column width="w-28">
        {benchmark === null ? '' : t('{0} tokens/s', formatDecimal(benchmark.decodeRate, 1))}
      </Column>
      <span className="w-16 shrink-0 text-right text-muted tabular-nums">{formatBytes(bytes)}</span>
    </button>
  );
}

const Column = ({ width, children }: { readonly width: string; readonly children: string }) => (
  <span className={`${width} hidden shrink-0 text-right text-muted tabular-nums wide:block`}>{children}</span>
);

const looks: Readonly<Record<Model['state'], readonly [icon: IconName, color: string]>> = {
  idle: ['circle', 'text-muted'],
  loading: ['spinner', 'text-busy motion:animate-spin'],
  ready: ['done', 'text-good'],
  failed: ['error', 'text-danger'],
};

const words: Readonly<Record<Model['state'], () => string>> = {
  idle: () => t('not in memory'),
  loading: () => t('loading'),
  ready: () => t('in memory'),
  failed: () => t('failed'),
};

const stateWord = ({ state, pinned, problem }: Model): string => {
  const word = words[problem === null ? state : 'failed']();
  return pinned ? t('{0}, pinned', word) : word;
};
