import { formatCount } from '../../../protocol/quantities.ts';
import { t } from '../../words.ts';

/** A setting of the server in words. */
export interface SettingWord {
  readonly title: string;
  /** What VS Code calls it; undefined where it has none. */
  readonly editorId?: string;
}

const words: Readonly<Record<string, readonly [title: () => string, editorId?: string]>> = {
  models: [() => t('Model files of your own'), 'models'],
  threads: [() => t('Threads that a model computes with (0: by the number of cores)'), 'threads'],
  parallelTasks: [() => t('Tasks worked on at one moment'), 'parallelTasks'],
  memoryMb: [() => t('Megabytes of memory for all models (0: as much as there is)'), 'memoryMb'],
  idleMinutes: [() => t('Minutes until an unused model leaves the memory (0: never)'), 'idleMinutes'],
  gpu: [() => t('Graphics processor'), 'gpu'],
  'workers.runtime': [() => t('Where models run'), 'workers.runtime'],
  leaseMs: [() => t('Milliseconds that a task stays claimed by a server that stopped answering')],
  retryMs: [() => t('Milliseconds until the first retry, at most')],
  retentionDays: [() => t('Days that an ended task keeps its text as it was streamed'), 'retentionDays'],
  retentionMb: [() => t('Megabytes of the database above which that text goes sooner'), 'retentionMb'],
  lockAfterMinutes: [() => t('Minutes without use until OSPAiN2 locks itself (0: never)'), 'lockAfterMinutes'],
  trust: [() => t('Trust in the folder, as the server was started')],
  parkedMb: [() => t('Megabytes for conversations of waiting tasks'), 'parkedMb'],
  thinkingTokens: [() => t('Tokens that a model may think before each step'), 'thinkingTokens'],
  'codeIndex.enabled': [() => t('Index of the code'), 'codeIndex'],
  'commands.timeoutSeconds': [() => t('Seconds that a command may take'), 'commandTimeout'],
  'commands.memoryMb': [() => t('Megabytes of memory for a command')],
  'commands.scratchMb': [() => t('Megabytes that a command may write')],
  'commands.processes': [() => t('Processes of a command at one moment')],
  'commands.readable': [() => t('Other folders that commands may read'), 'commandReadable'],
  'commands.shell': [() => t('Shell for commands, on Windows')],
  'completion.enabled': [() => t('Inline completion'), 'inlineCompletion'],
  'completion.onBattery': [() => t('Inline completion on the battery'), 'inlineCompletionOnBattery'],
  'completion.delayMs': [() => t('Milliseconds without a key before a suggestion'), 'inlineCompletionDelay'],
  codeLens: [() => t('Actions above functions, in other editors'), 'codeLens'],
  api: [() => t('API for other programs, from the start'), 'apiPort'],
};

/** One that is not known here is called as the server calls it. */
export function settingWord(name: string): SettingWord {
  const [title, editorId] = words[name] ?? [];
  return { title: title?.() ?? name, ...(editorId === undefined ? {} : { editorId }) };
}

/** A value as people read it. */
export function valueText(value: unknown): string {
  if (value === null) return t('none');
  if (value === true) return t('on');
  if (value === false) return t('off');
  if (Array.isArray(value)) return value.length === 0 ? t('none') : value.join(', ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, one]) => `${name} ${String(one)}`)
      .join(', ');
  return typeof value === 'number' ? formatCount(value) : String(value);
}
