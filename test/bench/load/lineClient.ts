import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type MethodName, type Params, type Result, ServerFrame, type TaskEvent } from '../../../protocol/index.ts';
import { FAR } from './restClient.ts';
import { clocked, type Tally } from './tally.ts';

const EVENT = /^\{"method":"task\/didEvent","params":\{"event":\{"taskId":"([^"]+)","seq":(\d+)/;
/** Pages of a thousand tasks: more than the system itself holds for a reader. */
const PAGES = 12;

export interface LineTarget {
  /** Address of the API. */
  readonly url: string;
  /** What a browser that was let in shows: its cookie and its proof. */
  readonly headers: Record<string, string>;
}

/** One hub: asks on its line, hears every event of every task, and holds their order against the numbers. */
export interface LineClient {
  /** Per task, the `seq` up to which all its events were heard or asked for. */
  readonly heard: ReadonlyMap<string, number>;
  /** Close codes of the server. */
  readonly closes: readonly number[];
  /** Submits, moves and calls off tasks until it is to stop. */
  drive(working: () => boolean): Promise<void>;
  /** Asks for much and reads nothing for a while. When the server has closed the line meanwhile it opens another. */
  fallAsleep(): Promise<void>;
  /** Asks for the events of a task that it has not heard. */
  catchUp(taskId: string): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds: less than the server waits for a pong. */
const NAP = 4000;

export async function openLine(target: LineTarget, tally: Tally): Promise<LineClient> {
  const heard = new Map<string, number>();
  const closes: number[] = [];
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  /** While true, events behind a gap are expected: they are asked for in the end. */
  let missed = false;

  const hear = ({ taskId, seq }: Pick<TaskEvent, 'taskId' | 'seq'>) => {
    const last = heard.get(taskId) ?? 0;
    if (seq === last + 1) heard.set(taskId, seq);
    else if (!missed) tally.faults.push(`event ${seq} came behind ${last}`);
  };
  const onMessage = (data: unknown) => {
    const text = String(data);
    if (text.startsWith('{"method"')) {
      // Tens of thousands a second: reading them whole would take more of the machine than serving them.
      const [, taskId, seq] = EVENT.exec(text) ?? [];
      if (taskId !== undefined) hear({ taskId, seq: Number(seq) });
      return;
    }
    const frame = ServerFrame.parse(JSON.parse(text));
    if ('method' in frame) return;
    const asked = pending.get(frame.id);
    pending.delete(frame.id);
    if ('error' in frame) asked?.reject(new Error(`${frame.error.code}: ${frame.error.message}`));
    else asked?.resolve(frame.result);
  };
  const connect = async () => {
    const opened = new WebSocket(`${target.url.replace('http', 'ws')}/hub/line`, {
      headers: target.headers,
      origin: target.url,
    });
    opened.on('message', onMessage);
    opened.on('error', () => {});
    opened.once('close', (code) => {
      closes.push(code);
      for (const { reject } of pending.values()) reject(new Error(`closed with ${code}`));
      pending.clear();
    });
    await once(opened, 'open');
    return opened;
  };
  let socket = await connect();
  const ask = <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (socket.readyState !== socket.OPEN) return Promise.reject(new Error('the line is closed'));
    const id = ++lastId;
    pending.set(id, { resolve, reject });
    socket.send(JSON.stringify({ id, method, params }));
    return promise as Promise<Result<M>>;
  };

  return {
    heard,
    closes,
    async drive(working) {
      const clock = <M extends MethodName>(method: M, params: Params<M>) => clocked(tally, () => ask(method, params));
      while (working()) {
        const { task } = await clock('task/submit', { kind: 'ask', instruction: 'Later.', notBefore: FAR });
        tally.acknowledged.add(task.id);
        await clock('task/prioritize', { taskId: task.id, priority: 1 });
        await clock('task/list', { limit: 20 });
        await clock('task/cancel', { taskId: task.id });
      }
    },
    async fallAsleep() {
      missed = true;
      const closed = once(socket, 'close').then(() => true);
      for (let page = 0; page < PAGES; page++) ask('task/list', { limit: 1000 }).catch(() => {});
      socket.pause();
      await delay(NAP);
      socket.resume();
      // What the server holds for it is read at once; behind that stands the end, if there is one.
      const over = await Promise.race([closed, ask('queue/show', {}).then(() => false)]).catch(() => closed);
      if (over) socket = await connect();
    },
    async catchUp(taskId) {
      if (socket.readyState !== socket.OPEN) socket = await connect();
      const { events } = await ask('task/events', { taskId, after: heard.get(taskId) ?? 0 });
      for (const event of events) hear(event);
    },
    async close() {
      if (socket.readyState === socket.CLOSED) return;
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
