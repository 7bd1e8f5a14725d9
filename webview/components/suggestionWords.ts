import type { About } from '../../protocol/suggestions.ts';
import { t } from '../words.ts';

interface Words {
  /** On the button that asks for it. */
  readonly ask: () => string;
  /** At the head of what came. */
  readonly title: () => string;
  /** On the button that takes all of it. */
  readonly accept: () => string;
}

/** What each sort of suggestion is called where people see it. */
export const suggestionWords: Readonly<Record<About, Words>> = {
  tags: { ask: () => t('Suggest tags'), title: () => t('Tags'), accept: () => t('Add them') },
  horizon: { ask: () => t('Suggest when'), title: () => t('When'), accept: () => t('Plan it') },
  title: { ask: () => t('Suggest a title'), title: () => t('Title'), accept: () => t('Take it') },
  steps: { ask: () => t('Split into steps'), title: () => t('Steps'), accept: () => t('Add them') },
  related: { ask: () => t('Find related notes'), title: () => t('Related notes'), accept: () => t('Link them') },
  review: { ask: () => t('Review the week'), title: () => t('The week'), accept: () => t('Keep it as a note') },
};
