import type { ServerResponse } from 'node:http';
import { type Notification, PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { Served } from './served.ts';

export interface EventStreamOptions {
  /** Milliseconds between the blank lines that keep a silent stream alive. */
  heartbeatMs: number;
  /** Bytes that may wait for a slow reader. Past them its stream is cut; it comes back and asks `task/events`. */
  bufferBytes: number;
}

export interface EventStreams {
  /** Answers with every notification from now on, one line of JSON each; the first line says hello. */
  add(response: ServerResponse): void;
  close(): void;
}

const HELLO = `${JSON.stringify({ method: 'hello', params: { protocol: PROTOCOL_VERSION } })}\n`;

export function createEventStreams(served: Served, { heartbeatMs, bufferBytes }: EventStreamOptions): EventStreams {
  const streams = new Set<ServerResponse>();
  const send = (line: string) => {
    for (const stream of streams) {
      if (stream.writableLength > bufferBytes) stream.destroy();
      else stream.write(line);
    }
  };
  const stop = served.onNotification((notification: Notification) => {
    if (streams.size > 0) send(`${JSON.stringify(notification)}\n`);
  });
  const heartbeat = setInterval(() => send('\n'), heartbeatMs).unref();

  return {
    add(response) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
      response.on('close', () => streams.delete(response));
      // An unreadable reader ends its own stream and nothing else.
      response.on('error', () => streams.delete(response));
      response.write(HELLO);
      streams.add(response);
    },
    close() {
      stop();
      clearInterval(heartbeat);
      for (const stream of streams) stream.end();
    },
  };
}
