import { type Client, errorCodes, OspainError, type Task, type TaskEvent } from '../protocol/index.ts';
import { approvalDetails } from './approvalText.ts';
import { diffText } from './diffText.ts';
import { errorText } from './errorText.ts';
import { follow } from './follow.ts';
import type { Link } from './link.ts';
import type { Screen } from './screen.ts';
import { stepText } from './taskText.ts';

export interface WatchOptions {
  link: Link;
  screen: Screen;
  task: Task;
  /** Shows only events after this one. */
  after?: number;
  /** Ctrl+C: called once for each. True ends the watching at once; the exit code is that of `cancelled`. */
  onInterrupt(listener: () => void): () => void;
  interrupted(count: number): boolean;
}

/** Shows a task until it ends and then what came out; resolves with the exit code. */
export async function watchTask({
  link,
  screen,
  task,
  after = 0,
  onInterrupt,
  interrupted,
}: WatchOptions): Promise<number> {
  let interrupts = 0;
  let stop = () => {};
  const left = new Promise<null>((resolve) => {
    stop = onInterrupt(() => {
      interrupts += 1;
      if (interrupted(interrupts)) resolve(null);
    });
  });
  try {
    const ended = await Promise.race([showEvents(link, screen, task, after), left]);
    screen.live(null);
    if (ended === null) return errorCodes.cancelled.exit;
    return await showEnd((await link.open()).client, screen, ended);
  } finally {
    stop();
    screen.live(null);
  }
}

async function showEvents(link: Link, screen: Screen, task: Task, after: number): Promise<Task> {
  const since = performance.now();
  let text = 'waiting';
  let tail = '';
  const show = () => screen.live({ text: `Task ${task.number}: ${text}`, since, tail });
  show();
  const events = follow(link, task.id, after);
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    const event = next.value;
    screen.data({ event });
    if (event.type === 'approval' && event.data.status === 'asked') await tellAsked(link, screen, event.data.id);
    const step = stepText(event, screen.errorPaint);
    if (step !== null) screen.note(step);
    text = doing(event) ?? text;
    if (event.type === 'text') tail += event.data.text;
    else tail = '';
    show();
  }
}

/** Also where nobody looks at progress: nothing more happens before somebody answers. */
async function tellAsked(link: Link, screen: Screen, approvalId: number): Promise<void> {
  const { approval } = await (await link.open()).client.request('approval/show', { approvalId });
  // What is replayed may have been answered long ago.
  if (approval.status !== 'open' || screen.json) return;
  screen.warn(`${approvalDetails(approval, Date.now(), screen)}`);
}

/** What a task does from this event on. */
function doing(event: TaskEvent): string | null {
  switch (event.type) {
    case 'started':
      return 'working';
    case 'model':
      return event.data.state === 'loading' ? `loading ${event.data.name}` : 'thinking';
    case 'text':
    case 'result':
      return 'thinking';
    case 'call':
      return event.data.summary;
    case 'retry':
    case 'submitted':
      return 'waiting';
    case 'waiting':
      return event.data.reason;
    case 'resumed':
      return 'working';
    case 'cancelAsked':
    case 'pauseAsked':
      return 'stopping';
    default:
      return null;
  }
}

async function showEnd(client: Client, screen: Screen, task: Task): Promise<number> {
  const { paint, errorPaint } = screen;
  if (task.result !== null) screen.print(screen.safe(task.result));
  if (task.proposal !== null) {
    const { proposal } = await client.request('proposal/show', { taskId: task.id });
    screen.data({ proposal });
    screen.print(diffText(proposal, screen));
  }
  screen.data({ task });
  if (task.status === 'cancelled') {
    screen.note(errorPaint.yellow(`Task ${task.number} was cancelled.`));
    return errorCodes.cancelled.exit;
  }
  if (task.error !== null) {
    if (!screen.json) screen.warn(errorText(OspainError.fromWire(task.error), errorPaint));
    return errorCodes.task_failed.exit;
  }
  screen.note(`${paint.green('✓')} Task ${task.number} is done.${nextStep(task)}`);
  return 0;
}

function nextStep({ number, proposal }: Task): string {
  if (proposal === 'open') return ` Write its edits to disk: ospain2 task accept ${number}`;
  return proposal === 'accepted' ? ` Its edits are on disk; take them back: ospain2 task undo ${number}` : '';
}
