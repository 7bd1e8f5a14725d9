import { once } from 'node:events';
import type { TaskEvent } from '../../../../protocol/index.ts';
import { hasEnded } from '../../mcp/taskView.ts';
import type { Served } from '../../served.ts';
import type { Ask } from '../route.ts';

/** Events that are read at one time. */
const PAGE = 500;

export interface Watch {
  served: Pick<Served, 'onNotification'>;
  core: Ask['core'];
  taskId: string;
  /** Only events with a larger `seq`. */
  after: number;
  /** Ends it. */
  signal: AbortSignal;
}

/**
 * The log of a task from a place on, in order and without gaps, as fast as it is taken, until the task has ended. It is read from
 * the log each time: what the server tells on its own only says that there is more.
 */
export async function* eventsOf({ served, core, taskId, after, signal }: Watch): AsyncGenerator<TaskEvent> {
  let last = after;
  let more = Promise.withResolvers<void>();
  const wake = () => more.resolve();
  const stop = served.onNotification(({ method, params }) => {
    if (method === 'task/didEvent' && params.event.taskId === taskId) wake();
  });
  signal.addEventListener('abort', wake);
  try {
    while (!signal.aborted) {
      // Before the log is read: what comes meanwhile is not missed.
      more = Promise.withResolvers<void>();
      const { events } = await core('task/events', { taskId, after: last, limit: PAGE });
      for (const event of events) {
        if (signal.aborted) return;
        yield event;
        last = event.seq;
      }
      if (events.length > 0) continue;
      const { task } = await core('task/show', { taskId });
      if (hasEnded(task) && task.lastSeq <= last) return;
      await more.promise;
    }
  } finally {
    stop();
    signal.removeEventListener('abort', wake);
  }
}

/** Sends them as server-sent events (WHATWG HTML); their `id` is the `seq`, from which a client that comes back goes on. */
export async function streamEvents({ reply, limits, signal }: Ask, events: AsyncGenerator<TaskEvent>): Promise<void> {
  const { raw } = reply;
  const headers = reply.getHeaders() as Record<string, string>;
  reply.hijack();
  raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  raw.flushHeaders();
  const heartbeat = setInterval(() => raw.writableNeedDrain || raw.write(': nothing new\n\n'), limits.heartbeatMs);
  try {
    for await (const event of events) {
      const text = `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
      // Who reads slowly is read for slowly: nothing piles up.
      if (!raw.write(text)) await once(raw, 'drain', { signal });
    }
  } catch {
    // Nothing can be said in the middle of a stream; the client comes back and goes on behind what it has.
    if (!signal.aborted) raw.destroy();
  } finally {
    clearInterval(heartbeat);
    raw.end();
  }
}
