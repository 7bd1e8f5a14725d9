import type { ProposalStatus, Task, TaskEvent, TaskStatus } from '../protocol/index.ts';
import type { Colour, Paint } from './paint.ts';
import type { Screen } from './screen.ts';
import { clip, oneLine, seconds, span, table, width } from './text.ts';

/** How tasks look to people. */

const looks: Record<TaskStatus, [symbol: string, colour: Colour]> = {
  pending: ['○', 'dim'],
  delayed: ['◷', 'yellow'],
  running: ['●', 'cyan'],
  done: ['✓', 'green'],
  failed: ['✗', 'red'],
  cancelled: ['⊘', 'yellow'],
};

export const symbol = (status: TaskStatus, paint: Paint): string => paint[looks[status][1]](looks[status][0]);

const edits: Record<ProposalStatus, string> = {
  open: 'to review',
  accepted: 'accepted',
  rejected: 'rejected',
  undone: 'undone',
};

/** Tasks as a table, newest first as they came. */
export function taskTable(tasks: readonly Task[], now: number, { paint, columns }: Screen): string {
  const rows = tasks.map(({ number, status, kind, proposal, updatedAt }) => [
    String(number),
    status,
    kind,
    proposal === null ? '' : edits[proposal],
    span(now - updatedAt),
  ]);
  const [head = '', ...lines] = table([
    ['#', 'status', 'kind', 'edits', 'age', 'instruction'],
    ...rows.map((row) => [...row, '']),
  ]);
  const body = tasks.map(({ status, instruction }, index) => {
    const line = lines[index] ?? '';
    const room = columns - width(line) - 2;
    return `${symbol(status, paint)} ${line}${clip(oneLine(instruction), Math.max(room, 10))}`;
  });
  return [paint.dim(`  ${head}`), ...body].join('\n');
}

/** Everything about one task but its edits. */
export function taskDetails(task: Task, now: number, { paint, safe }: Screen): string {
  const { number, kind, status, context, model, attempts, progress, proposal, createdAt, updatedAt, error } = task;
  const rows = [
    ['status', status + (status === 'running' && progress !== null ? `, ${oneLine(progress)}` : '')],
    ['kind', kind],
    ...(context === null ? [] : [['file', safe(context.path) + (context.text === undefined ? '' : ' (a selection)')]]),
    ['model', model],
    ...(attempts > 1 ? [['attempts', String(attempts)]] : []),
    ['submitted', `${span(now - createdAt)} ago`],
    ...(status === 'pending' || status === 'running' ? [] : [['ended', `${span(now - updatedAt)} ago`]]),
    ...(proposal === null ? [] : [['edits', edits[proposal]]]),
    ...(error === null ? [] : [['error', `${error.code}: ${oneLine(error.message)}`]]),
  ];
  const lines = table(rows).map((line) => `  ${line}`);
  return [`${symbol(status, paint)} ${paint.bold(`Task ${number}`)}: ${safe(task.instruction)}`, ...lines].join('\n');
}

/** An event as one line; null where a person need not see it. */
export function stepText(event: TaskEvent, paint: Paint): string | null {
  switch (event.type) {
    case 'started':
      return event.data.attempt > 1 ? paint.dim(`  attempt ${event.data.attempt}`) : null;
    case 'model':
      return event.data.ms === undefined ? null : paint.dim(`  model ready in ${seconds(event.data.ms)}`);
    case 'call':
      return event.data.tool === 'finish' ? null : `  ${paint.cyan('→')} ${oneLine(event.data.summary)}`;
    case 'result':
      return event.data.ok ? null : `  ${paint.red('✗')} ${clip(oneLine(event.data.text), 200)}`;
    case 'retry':
      return `  ${paint.yellow('↻')} ${oneLine(event.data.error.message)} Again in ${seconds(event.data.delayMs)}.`;
    case 'cancelAsked':
      return paint.dim('  asked to stop');
    case 'proposal':
      return event.data.status === 'open' ? null : paint.dim(`  edits ${edits[event.data.status]}`);
    default:
      return null;
  }
}
