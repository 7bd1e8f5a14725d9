import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { follow } from '../../cli/follow.ts';
import type { Link, Session } from '../../cli/link.ts';
import { createSocketCarrier, type SocketCarrier } from '../../cli/socketCarrier.ts';
import { createClient, type Notification, OspainError, type Task, type TaskEvent } from '../../protocol/index.ts';
import type { Served } from '../../server/transports/served.ts';
import { isAlive } from '../../server/transports/socket.ts';
import { createMemory, type Memory } from '../contract/memory.ts';
import { serve } from '../contract/serve.ts';
import { tempFolder } from '../support/temp.ts';

/** A link to whoever serves the path. */
function linkTo(path: string): Link & { reopened(): number } {
  let carrier: SocketCarrier | null = null;
  let count = 0;
  const open = async (): Promise<Session> => {
    carrier = createSocketCarrier(path);
    const { subscribed, onLost } = carrier;
    return { client: createClient(carrier), attached: true, socket: path, subscribed, onLost };
  };
  const close = async () => carrier?.close();
  const reopen = async () => {
    count += 1;
    await close();
    for (let look = 0; look < 1000 && !(await isAlive(path)); look++) await setImmediate();
    return open();
  };
  return { open, reopen, close, reopened: () => count };
}

async function ask(memory: Memory, method: string, params: object): Promise<Task> {
  const outcome = await memory.dispatch(method, params);
  assert.ok(outcome.ok);
  return (outcome.result as { task: Task }).task;
}

const submit = async (memory: Memory) => (await ask(memory, 'task/submit', { kind: 'ask', instruction: 'Count.' })).id;
const lastSeq = async (memory: Memory, taskId: string) => (await ask(memory, 'task/show', { taskId })).lastSeq;

/** Follows a task to its end; `events` holds what has come so far. */
function collect(link: Link, taskId: string, after = 0): { events: TaskEvent[]; ended: Promise<TaskEvent[]> } {
  const events: TaskEvent[] = [];
  const all = async () => {
    for await (const event of follow(link, taskId, after)) events.push(event);
    return events;
  };
  return { events, ended: all() };
}

const seqs = (events: TaskEvent[]) => events.map(({ seq }) => seq);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Writes events, at most two ahead of who follows them, then ends the task. */
async function write(
  memory: Memory,
  taskId: string,
  count: number,
  { events }: { events: TaskEvent[] },
  between?: (written: number) => Promise<void>,
): Promise<void> {
  const start = (await lastSeq(memory, taskId)) - 2;
  for (let written = 1; written <= count; written++) {
    memory.emit(taskId, 'text', { turn: 1, text: String(written) });
    while ((events.at(-1)?.seq ?? 0) < start + written) await setImmediate();
    await between?.(written);
  }
  await memory.dispatch('task/cancel', { taskId });
}

describe('follow', { timeout: 60_000 }, () => {
  it('joins the log and what comes live, while both grow', async () => {
    using folder = tempFolder('follow');
    const path = join(folder.path, 's');
    const memory = createMemory();
    await using server = await serve({ served: memory, path });
    const link = linkTo(path);
    const taskId = await submit(memory);
    for (let early = 0; early < 2500; early++) memory.emit(taskId, 'text', { turn: 1, text: 'early' });
    const following = collect(link, taskId);
    await write(memory, taskId, 500, following);
    assert.deepEqual(seqs(await following.ended), upTo(3002));
    assert.deepEqual(seqs(await collect(link, taskId, 3000).ended), [3001, 3002]);
    await link.close();
    await server.dispose();
  });

  it('fills holes and drops what it heard twice', async () => {
    using folder = tempFolder('follow');
    const path = join(folder.path, 's');
    const memory = createMemory();
    const bad: Served = {
      dispatch: memory.dispatch,
      onNotification: (listener) =>
        memory.onNotification((notification) => {
          const seq = textSeq(notification);
          if (seq % 5 !== 0) listener(notification);
          if (seq % 3 === 0) listener(notification);
        }),
    };
    await using server = await serve({ served: bad, path });
    const link = linkTo(path);
    const taskId = await submit(memory);
    const following = collect(link, taskId);
    await write(memory, taskId, 300, following);
    assert.deepEqual(seqs(await following.ended), upTo(302));
    await link.close();
    await server.dispose();
  });

  it('goes on with the server that takes over', async () => {
    using folder = tempFolder('follow');
    const path = join(folder.path, 's');
    const memory = createMemory();
    await using servers = new AsyncDisposableStack();
    let server = servers.use(await serve({ served: memory, path }));
    const link = linkTo(path);
    const taskId = await submit(memory);
    const following = collect(link, taskId);
    await write(memory, taskId, 300, following, async (written) => {
      if (written % 100 !== 0) return;
      const next = servers.use(await serve({ served: memory, path, retryMs: 1 }));
      await server.dispose();
      server = next;
    });
    assert.deepEqual(seqs(await following.ended), upTo(302));
    assert.ok(link.reopened() > 0);
    await link.close();
    await server.dispose();
  });

  it('gives up when nobody serves the task any more', async () => {
    using folder = tempFolder('follow');
    const path = join(folder.path, 's');
    const memory = createMemory();
    await using server = await serve({ served: memory, path });
    const taskId = await submit(memory);
    const following = collect(linkTo(path), taskId);
    await server.dispose();
    await assert.rejects(following.ended, (error) => error instanceof OspainError && error.code === 'unavailable');
  });
});

/** The number of a streamed piece of text; 1 for everything else. */
function textSeq({ method, params }: Notification): number {
  return method === 'task/didEvent' && params.event.type === 'text' ? params.event.seq : 1;
}
