import type { Kept, Privacy } from '../../../protocol/privacy.ts';
import { formatBytes, formatCount } from '../../../protocol/quantities.ts';
import { plural, t } from '../../words.ts';

/** What a place holds, as a person would call it. */
export function keptName({ kind }: Kept): string {
  switch (kind) {
    case 'database':
      return t('This folder’s tasks, notes and plans');
    case 'index':
      return t('Index of this folder’s code');
    case 'parked':
      return t('Conversations of waiting tasks');
    case 'replaced':
      return t('A database that a backup replaced');
    case 'registry':
      return t('List of models, and of connections');
    case 'models':
      return t('Model files');
    case 'pulls':
      return t('Models on their way here');
    case 'yours':
      return t('A file that you write');
  }
}

/** How many there are of what it holds: `3 tasks, 1 schedule`. */
export const keptCounts = ({ counts }: Kept): string =>
  Object.entries(counts)
    .map(([name, count]) => counted[name]?.(count) ?? `${name}: ${formatCount(count)}`)
    .join(', ');

const counted: Readonly<Record<string, (count: number) => string>> = {
  tasks: (count) => plural('{0} task|{0} tasks', count),
  notes: (count) => plural('{0} note|{0} notes', count),
  items: (count) => plural('{0} planned item|{0} planned items', count),
  schedules: (count) => plural('{0} schedule|{0} schedules', count),
  files: (count) => plural('{0} file|{0} files', count),
  chunks: (count) => plural('{0} piece|{0} pieces', count),
  conversations: (count) => plural('{0} conversation|{0} conversations', count),
  versions: (count) => plural('{0} version|{0} versions', count),
  connections: (count) => plural('{0} connection|{0} connections', count),
};

/** For how long it is kept, and what takes it away. */
export function keptUntil({ kind }: Kept, { days, databaseBytes, parkedBytes }: Privacy['retention']): string {
  switch (kind) {
    case 'database':
      return days === 0
        ? t('Text as it was streamed goes as soon as a task has ended; all else stays.')
        : t(
            'Text as it was streamed goes {0} days after a task has ended, sooner above {1}; all else stays.',
            days,
            formatBytes(databaseBytes),
          );
    case 'index':
      return t('Made anew at any time; in no backup.');
    case 'parked':
      return parkedBytes === 0
        ? t('None are kept.')
        : t('Until the task goes on or ends, {0} at most.', formatBytes(parkedBytes));
    case 'replaced':
      return t('Until you delete the file.');
    case 'registry':
      return t('For good; the list of connections cannot be changed.');
    case 'models':
      return t('Until you remove the model.');
    case 'pulls':
      return t('Until they are here, or given up.');
    case 'yours':
      return t('Until you delete it.');
  }
}
