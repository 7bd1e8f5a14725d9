import type { Model } from '../../protocol/models.ts';
import { formatBytes, formatCount } from '../../protocol/quantities.ts';
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
    model.contextLength > 0 ? `${formatCount(model.contextLength)} tokens` : null,
    model.benchmark === null ? null : `${model.benchmark.decodeRate.toFixed(1)} tokens/s`,
  ];
  const description = facts.filter((fact) => fact !== null).join(' · ');
  return {
    label: model.name,
    description,
    icon: ICONS[model.problem === null ? model.state : 'failed'],
    tooltip: tooltipOf(model, clock),
    spoken: `Model ${model.name}, ${description}`,
    contextValue: [
      'model',
      model.state,
      ...(model.pinned ? ['pinned'] : []),
      ...(model.embedded ? ['embedded'] : []),
    ].join('.'),
  };
}

const stateOf = ({ state, pinned, problem }: Model): string => {
  if (problem !== null) return 'failed';
  return pinned ? `${state}, pinned` : state;
};

function tooltipOf(model: Model, clock: (at: number) => string): string {
  const lines = [
    `**${escapeMarkdown(model.name)}** ${escapeMarkdown(model.version)} · ${stateOf(model)}`,
    `${formatBytes(model.bytes)}, ${formatCount(model.contextLength)} tokens fit one conversation, told as to a ${model.profile} model`,
  ];
  if (model.aliases.length > 0) lines.push(`Also called ${escapeMarkdown(model.aliases.join(', '))}`);
  if (model.embedded) lines.push('Ships with OSPAiN2: it proves the installation. Real work wants a real model.');
  if (model.problem !== null) lines.push(escapeMarkdown(model.problem));
  lines.push(...factsOf(model));
  lines.push(model.loadedAt === null ? 'Never loaded yet' : `Last loaded ${clock(model.loadedAt)}`);
  lines.push(escapeMarkdown(model.artifact));
  return lines.join('\n\n');
}

function factsOf({ architecture, quantization, memoryBytes, benchmark, licence, source, tags }: Model): string[] {
  const kind = [architecture, quantization].filter((fact) => fact !== null).map(escapeMarkdown);
  return [
    ...(kind.length > 0 ? [kind.join(', ')] : []),
    ...(memoryBytes === null ? [] : [`Takes about ${formatBytes(memoryBytes)} of memory`]),
    ...(benchmark === null
      ? []
      : [`${benchmark.promptRate.toFixed(0)} tokens/s of a prompt, ${benchmark.decodeRate.toFixed(1)} of an answer`]),
    ...(licence === null ? [] : [`Licence ${escapeMarkdown(licence)}`]),
    ...(source === null ? [] : [`From ${escapeMarkdown(source)}`]),
    ...(tags.length === 0 ? [] : [`Tagged ${escapeMarkdown(tags.join(', '))}`]),
  ];
}
