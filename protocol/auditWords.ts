import type { AuditBreak } from './audit.ts';
import { t } from './words.ts';

const BREAKS: Readonly<Record<AuditBreak['what'], (number: number) => string>> = {
  altered: (number) => t('Entry {0} is not as it was written.', number),
  missing: (number) => t('Entry {0} is missing.', number),
  reordered: (number) => t('Entry {0} is another one, which was moved.', number),
  inserted: (number) => t('Entry {0} was added where none may be.', number),
  truncated: (number) => t('Entry {0} and all behind it are cut off.', number),
  head: (number) => t('The end of the log, at entry {0}, is not as it was sealed.', number),
  replaced: () => t('It is another log than the one that was there before.'),
};

/** What is wrong with a chain, in a sentence. */
export const auditBreakText = ({ what, number }: AuditBreak): string => BREAKS[what](number);
