import { t } from '../words.ts';

const words: Readonly<Record<string, () => string>> = {
  now: () => t('now'),
  next: () => t('next'),
  later: () => t('later'),
  someday: () => t('someday'),
};

/** A horizon in the person's language. */
export const horizonWord = (horizon: string): string => words[horizon]?.() ?? horizon;
