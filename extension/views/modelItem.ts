import type { Model } from '../../protocol/models.ts';
import { formatBytes, formatCount, formatDecimal } from '../../protocol/quantities.ts';
import { plural, t } from '../../protocol/words.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Look } from './treeItem.ts';

const ICONS: Record<Model['state'], Look['icon']> = {
  idle: { id: 'package' },
  loading: { id: 'loading~spin' },
  ready: { id: 'pass-filled', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
};

export function modelLook(model: Model, clock: (at: number) => string): Look {
  const aliases = model.aliases.length === 0 ? [] : [model.aliases.join(', ')];
  const facts = [
    model.version,
    ...aliases,
    stateOf(model),
    formatBytes(model.bytes),
    model.quantization,
    model.contextLength > 0 ? plural('{0} token|{0} tokens', model.contextLength) : null,
    model.benchmark === null ? null : t('{0} tokens/s', formatDecimal(model.benchmark.decodeRate, 1)),
  ];
  const description = facts.filter((fact) => fact !== null).join(' · ');
  return {
    label: model.name,
    description,
    icon: ICONS[model.problem === null ? model.state : 'failed'],
    tooltip: tooltipOf(model, clock),
    spoken: t('Model {0}, {1}', model.name, description),
    contextValue: [
      'model',
      model.state,
      ...(model.pinned ? ['pinned'] : []),
      ...(model.embedded ? ['embedded'] : []),
    ].join('.'),
  };
}

const stateOf = ({ state, pinned, problem }: Model): string => {
  if (problem !== null) return t('failed');
  return pinned ? t('{0}, pinned', STATES[state]()) : STATES[state]();
};

const STATES: Readonly<Record<Model['state'], () => string>> = {
  idle: () => t('idle'),
  loading: () => t('loading'),
  ready: () => t('ready'),
  failed: () => t('failed'),
};

function tooltipOf(model: Model, clock: (at: number) => string): string {
  const lines = [
    `**${escapeMarkdown(model.name)}** ${escapeMarkdown(model.version)} · ${stateOf(model)}`,
    t(
      '{0}, {1} tokens fit one conversation, told as to a {2} model',
      formatBytes(model.bytes),
      formatCount(model.contextLength),
      model.profile,
    ),
  ];
  if (model.aliases.length > 0) lines.push(t('Also called {0}', escapeMarkdown(model.aliases.join(', '))));
  if (model.embedded) lines.push(t('Ships with OSPAiN2: it proves the installation. Real work wants a real model.'));
  if (model.problem !== null) lines.push(escapeMarkdown(model.problem));
  lines.push(...factsOf(model));
  lines.push(model.loadedAt === null ? t('Never loaded yet') : t('Last loaded {0}', clock(model.loadedAt)));
  lines.push(escapeMarkdown(model.artifact));
  return lines.join('\n\n');
}

function factsOf({ architecture, quantization, memoryBytes, benchmark, licence, source, tags }: Model): string[] {
  const kind = [architecture, quantization].filter((fact) => fact !== null).map(escapeMarkdown);
  return [
    ...(kind.length > 0 ? [kind.join(', ')] : []),
    ...(memoryBytes === null ? [] : [t('Takes about {0} of memory', formatBytes(memoryBytes))]),
    ...(benchmark === null
      ? []
      : [
          t(
            '{0} tokens/s of a prompt, {1} of an answer',
            formatDecimal(benchmark.promptRate, 0),
            formatDecimal(benchmark.decodeRate, 1),
          ),
        ]),
    ...(licence === null ? [] : [t('Licence {0}', escapeMarkdown(licence))]),
    ...(source === null ? [] : [t('From {0}', escapeMarkdown(source))]),
    ...(tags.length === 0 ? [] : [t('Tagged {0}', escapeMarkdown(tags.join(', ')))]),
  ];
}
