import { Refusal } from '../refusal.ts';
import type { Ask } from '../route.ts';
import { openaiError } from './errors.ts';

/** The events of one answer, as the WHATWG HTML standard describes server-sent events. */
export interface Events {
  send(data: unknown, event?: string): void;
}

/** What a surface says while an answer comes. */
export interface Telling<Result> {
  /** Before anything else; the answer may still fail. */
  begin?(events: Events): void;
  text(events: Events, text: string): void;
  end(events: Events, result: Result): void;
  /** How a failure in the middle is told; else as an object `error`. */
  fail?(events: Events, refusal: Refusal): void;
}

/**
 * Streams an answer. Until its first piece, or the first heartbeat of a model that takes long to load, a failure is an
 * error with its status; after that it is an event. A client that does not read is cut, which also ends its generation.
 */
export async function streamAnswer<Result>(
  { reply, limits, signal }: Pick<Ask, 'reply' | 'limits' | 'signal'>,
  run: (onText: (text: string) => void) => Promise<Result>,
  telling: Telling<Result>,
): Promise<void> {
  const { raw } = reply;
  const write = (text: string) => {
    if (raw.destroyed) return;
    raw.write(text);
    if (raw.writableLength > limits.bufferBytes) raw.destroy();
  };
  const events: Events = {
    send: (data, event) => write(`${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`),
  };
  let opened = false;
  const open = () => {
    if (opened) return;
    opened = true;
    const headers = reply.getHeaders() as Record<string, string>;
    reply.hijack();
    raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    telling.begin?.(events);
  };
  const heartbeat = setInterval(() => {
    open();
    write(': the model is at work\n\n');
  }, limits.heartbeatMs);
  try {
    const result = await run((text) => {
      open();
      telling.text(events, text);
    });
    open();
    telling.end(events, result);
  } catch (thrown) {
    if (!opened && !signal.aborted) throw thrown;
    open();
    const refusal = Refusal.of(thrown);
    if (telling.fail === undefined) events.send(openaiError(refusal).body);
    else telling.fail(events, refusal);
  } finally {
    clearInterval(heartbeat);
    if (opened) raw.end();
  }
}
