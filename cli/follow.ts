import { OspainError, type Task, type TaskEvent } from '../protocol/index.ts';
import type { Link, Session } from './link.ts';

/** Events in one answer while the log is read. */
const PAGE = 1000;
/** Connections in a row that may break without one new event. */
const PATIENCE = 5;

export const hasEnded = ({ status }: Pick<Task, 'status'>): boolean =>
  status === 'done' || status === 'failed' || status === 'cancelled';

/**
 * Every event of a task after `after`, each once and in order, until the task has ended; returns the task as it is then.
 * Live events are heard before the log is read, so that none falls between; a hole or a broken connection is filled
 * from the log.
 */
export async function* follow(link: Link, taskId: string, after = 0): AsyncGenerator<TaskEvent, Task> {
  let last = after;
  let session = await link.open();
  let broken = 0;
  for (;;) {
    try {
      for await (const event of readOnce(session, taskId, last)) {
        last = event.seq;
        broken = 0;
        yield event;
      }
      const { task } = await session.client.request('task/show', { taskId });
      if (hasEnded(task) && task.lastSeq <= last) return task;
    } catch (thrown) {
      if (!(thrown instanceof OspainError) || thrown.code !== 'unavailable' || broken >= PATIENCE) throw thrown;
      broken += 1;
      session = await link.reopen();
    }
  }
}

/** Reads the log and then listens, until the task ended, a number is missing or the connection breaks. */
async function* readOnce(session: Session, taskId: string, after: number): AsyncGenerator<TaskEvent> {
  const { client } = session;
  const heard: TaskEvent[] = [];
  let lost = false;
  let wake = () => {};
  const stop = client.on('task/didEvent', ({ event }) => {
    if (event.taskId !== taskId) return;
    heard.push(event);
    wake();
  });
  session.onLost(() => {
    lost = true;
    wake();
  });
  try {
    await session.subscribed();
    let last = after;
    for (let more = true; more; ) {
      const { events } = await client.request('task/events', { taskId, after: last, limit: PAGE });
      for (const event of events) {
        last = event.seq;
        yield event;
      }
      more = events.length === PAGE;
    }
    const { task } = await client.request('task/show', { taskId });
    // What came since the log was read has been heard.
    if (hasEnded(task)) return;
    for (;;) {
      const event = heard.shift();
      if (event === undefined) {
        if (lost) throw new OspainError('unavailable', 'The server of this workspace went away.');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if (event.seq > last) {
        if (event.seq > last + 1) return;
        last = event.seq;
        yield event;
        if (event.type === 'done' || event.type === 'failed' || event.type === 'cancelled') return;
      }
    }
  } finally {
    stop();
  }
}
