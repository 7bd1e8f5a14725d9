import type { ProposalStatus, Task, TaskEvent, TaskStatus } from '../protocol/index.ts';
import type { Colour, Paint } from './paint.ts';
import type { Screen } from './screen.ts';
import { clip, oneLine, plural, seconds, span, table, width } from './text.ts';

/** How tasks look to people. */

const looks: Record<TaskStatus, [symbol: string, colour: Colour]> = {
  pending: ['○', 'dim'],
  blocked: ['◌', 'yellow'],
  paused: ['‖', 'yellow'],
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

/** How a task is doing, in a few words: why it waits, what it does, what came out. */
export function stateText({ status, waits, attempts, maxAttempts, progress, dead, error, proposal }: Task): string {
  if (waits !== null) return oneLine(waits);
  if (status === 'running')
    return [
      'running',
      ...(attempts > 1 ? [`attempt ${attempts} of ${maxAttempts}`] : []),
      ...(progress === null ? [] : [oneLine(progress)]),
    ].join(', ');
  if (status === 'failed') return `${dead ? 'dead letter' : 'failed'}${error ? `: ${oneLine(error.message)}` : ''}`;
  return proposal === null ? status : `${status}, ${edits[proposal]}`;
}

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

const hasEnded = (status: TaskStatus): boolean => status === 'done' || status === 'failed' || status === 'cancelled';

export const partsText = ({ children: { ended, total } }: Task): string => `${ended} of ${plural(total, 'part')} ended`;

/** Everything about one task but its edits. */
export function taskDetails(task: Task, now: number, { paint, safe }: Screen): string {
  const { number, kind, status, context, model, attempts, maxAttempts, progress, proposal, error } = task;
  const { waits, dead, priority, children, createdAt, updatedAt } = task;
  const rows = [
    ['status', status + (status === 'running' && progress !== null ? `, ${oneLine(progress)}` : '')],
    ...(waits === null ? [] : [['waits', oneLine(waits)]]),
    ['kind', kind],
    ...(children.total === 0 ? [] : [['parts', partsText(task)]]),
    ...(priority === 0 ? [] : [['priority', String(priority)]]),
    ...(context === null ? [] : [['file', safe(context.path) + (context.text === undefined ? '' : ' (a selection)')]]),
    ['model', model],
    ...(attempts > 1
      ? [['attempts', `${attempts} of ${maxAttempts}${dead ? '; a dead letter: retry it by hand' : ''}`]]
      : []),
    ['submitted', `${span(now - createdAt)} ago`],
    ...(hasEnded(status) ? [['ended', `${span(now - updatedAt)} ago`]] : []),
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
    case 'told':
      return paint.dim(
        `  told besides: ${event.data.sources.map(({ name, leftOut }) => oneLine(leftOut ? `${name} (no room)` : name)).join(', ')}`,
      );
    case 'turn':
      return event.data.isSummary === true
        ? paint.dim('  the context is nearly full: summed up what was done so far')
        : null;
    case 'output':
      return event.data.text
        .trimEnd()
        .split('\n')
        .map((line) => paint.dim(`  │ ${clip(oneLine(line), 200)}`))
        .join('\n');
    case 'result':
      return event.data.ok ? null : `  ${paint.red('✗')} ${clip(oneLine(event.data.text), 200)}`;
    case 'approval':
      return event.data.status === 'asked' ? null : paint.dim(`  ${event.data.status}: ${oneLine(event.data.summary)}`);
    case 'begun':
      return paint.dim(`  ${oneLine(event.data.why)}`);
    case 'retry':
      return `  ${paint.yellow('↻')} ${oneLine(event.data.error.message)} Again in ${seconds(event.data.delayMs)}.`;
    case 'waiting':
      return paint.dim(`  ${oneLine(event.data.reason)}`);
    case 'resumed':
      return paint.dim(`  goes on behind step ${event.data.step}`);
    case 'prioritized':
      return paint.dim(`  priority ${event.data.priority}`);
    case 'cancelAsked':
      return paint.dim('  asked to stop');
    case 'pauseAsked':
      return paint.dim('  asked to pause after its step');
    case 'reviewed':
      return paint.dim(
        `  ${event.data.files.length === 1 ? oneLine(event.data.files[0]?.path ?? '') : plural(event.data.files.length, 'file')}: a part ${event.data.did}`,
      );
    case 'proposal':
      return event.data.status === 'open' ? null : paint.dim(`  edits ${edits[event.data.status]}`);
    default:
      return null;
  }
}
