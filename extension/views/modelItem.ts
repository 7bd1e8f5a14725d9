import type { Model } from '../../protocol/models.ts';
import { escapeMarkdown } from './markdown.ts';
import { formatBytes, formatCount } from './quantities.ts';
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
    model.state,
    formatBytes(model.bytes),
    `${formatCount(model.contextLength)} tokens`,
  ];
  const description = facts.join(' · ');
  return {
    label: model.name,
    description,
    icon: ICONS[model.state],
    tooltip: tooltipOf(model, clock),
    spoken: `Model ${model.name}, ${description}`,
    contextValue: `model.${model.state}`,
  };
}

function tooltipOf(model: Model, clock: (at: number) => string): string {
  const lines = [
    `**${escapeMarkdown(model.name)}** ${escapeMarkdown(model.version)} · ${model.state}`,
    `${formatBytes(model.bytes)}, ${formatCount(model.contextLength)} tokens fit one conversation, told as to a ${model.profile} model`,
  ];
  if (model.aliases.length > 0) lines.push(`Also called ${escapeMarkdown(model.aliases.join(', '))}`);
  if (model.embedded) lines.push('Ships with OSPAiN2: it proves the installation. Real work wants a real model.');
  lines.push(model.loadedAt === null ? 'Never loaded yet' : `Last loaded ${clock(model.loadedAt)}`);
  lines.push(escapeMarkdown(model.artifact));
  return lines.join('\n\n');
}
