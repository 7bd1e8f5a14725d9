import { AutoAccept } from '../../../protocol/tasks.ts';
import { t } from '../../words.ts';

export const levels = AutoAccept.options;

const words: Readonly<Record<AutoAccept, () => string>> = {
  none: () => t('Nothing: changes wait for review'),
  edits: () => t('Write its changes when it is done'),
  sandboxed: () => t('Also run commands in the sandbox'),
  allButDestructive: () => t('Everything but what can hardly be undone'),
};

/** What a task may do without asking. */
export const autoAcceptWord = (level: AutoAccept): string => words[level]();
