import { formatTime } from '../../../protocol/quantities.ts';
import type { Schedule, When } from '../../../protocol/schedules.ts';
import { conditionWords } from '../../../protocol/scheduleWords.ts';
import { t } from '../../words.ts';

/** A time in the person's own form; the weekday helps to see what an expression means. */
export const timeText = (at: number): string =>
  formatTime(at, {
    weekday: 'short',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });

export const whenText = (when: When): string =>
  'at' in when ? t('once, {0}', timeText(when.at)) : t('{0}, {1}', when.cron, when.timeZone ?? t('local time'));

/** When it is due, and what must also hold. */
export const dueText = ({ when, conditions }: Pick<Schedule, 'when' | 'conditions'>): string =>
  [whenText(when), ...conditions.map((condition) => conditionWords[condition]())].join(', ');

export function nextText({ enabled, nextAt }: Schedule): string {
  if (!enabled) return t('off');
  return nextAt === null ? t('never due again') : t('next {0}', timeText(nextAt));
}

export const lastText = ({ lastAt }: Schedule): string =>
  lastAt === null ? t('never ran') : t('last {0}', timeText(lastAt));
