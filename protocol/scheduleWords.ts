import type { Condition, Misfire, Run } from './schedules.ts';
import { t } from './words.ts';

/** What must also hold, said behind the time. */
export const conditionWords: Readonly<Record<Condition, () => string>> = {
  idle: () => t('when idle'),
  mains: () => t('on mains power'),
};

/** What becomes of due times that nobody was there for. */
export const missedWords: Readonly<Record<Misfire, () => string>> = {
  once: () => t('Due times with no server running are run once for all of them'),
  skip: () => t('Due times with no server running are left out'),
  all: () => t('Due times with no server running are run one by one'),
};

/** What became of one due time. */
export const outcomeWords: Readonly<Record<Run['outcome'], () => string>> = {
  submitted: () => t('gave a task'),
  skipped: () => t('left out'),
  merged: () => t('done together with a later one'),
  waiting: () => t('waits'),
  refused: () => t('refused'),
};
