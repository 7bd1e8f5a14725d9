import type { Pull } from '../../protocol/pulls.ts';
import { pullProgress, pullStateWord } from '../../protocol/pullWords.ts';
import { t } from '../../protocol/words.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Look } from './treeItem.ts';

const ICONS: Record<Pull['state'], Look['icon']> = {
  queued: { id: 'clock' },
  running: { id: 'sync~spin' },
  interrupted: { id: 'debug-pause' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  done: { id: 'check' },
  cancelled: { id: 'circle-slash' },
};

/** A model on its way: how much, how fast, how long still. */
export function pullLook(pull: Pull): Look {
  const description = [pullStateWord(pull.state), ...pullProgress(pull)].join(' · ');
  const why = pull.error === null ? [] : [escapeMarkdown(pull.error.message), escapeMarkdown(pull.error.hint ?? '')];
  return {
    label: pull.source,
    description,
    icon: ICONS[pull.state],
    tooltip: [`**${escapeMarkdown(pull.source)}** · ${description}`, ...why].join('\n\n'),
    spoken: t('Pull of {0}, {1}', pull.source, description),
    contextValue: `pull.${pull.state}`,
  };
}
