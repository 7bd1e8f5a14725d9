import { type ClientRequest, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Carrier, isNotification, type Notification, OspainError, WireError } from '../protocol/index.ts';

/** The server over its local socket. Notifications come once `subscribed` resolved; before, nobody sends them. */
export interface SocketCarrier extends Carrier {
  /** Opens the stream of notifications; from then on none is missed until `onLost` calls back. */
  subscribed(): Promise<void>;
  /** Calls back when the stream ended and `close` did not end it: the server went, or cut a reader that was too slow. */
  onLost(listener: () => void): void;
}

export function createSocketCarrier(socketPath: string): SocketCarrier {
  const listeners = new Set<(notification: Notification) => void>();
  const lost = new Set<() => void>();
  let subscription: Promise<void> | null = null;
  let stream: IncomingMessage | null = null;
  let closed = false;
  let broken = false;

  const subscribe = async () => {
    stream = await send({ socketPath, method: 'GET', path: '/v1/events' });
    if (stream.statusCode !== 200) throw await readError(stream);
    readLines(
      stream,
      (line) => {
        const message = JSON.parse(line) as Notification;
        if (isNotification(message.method)) for (const listener of listeners) listener(message);
      },
      () => {
        broken = !closed;
        if (broken) for (const listener of lost) listener();
      },
    );
  };

  return {
    async request(method, params, { signal } = {}) {
      const headers = { 'content-type': 'application/json' };
      const hangUp = new AbortController();
      if (signal?.aborted) hangUp.abort();
      signal?.addEventListener('abort', () => hangUp.abort(), { once: true });
      const response = await send(
        {
          socketPath,
          method: 'POST',
          path: `/v1/${method.split('/').map(encodeURIComponent).join('/')}`,
          headers,
          signal: hangUp.signal,
        },
        JSON.stringify(params ?? {}),
      );
      if (response.statusCode !== 200) throw await readError(response);
      return JSON.parse(await readBody(response)) as unknown;
    },
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    subscribed() {
      subscription ??= subscribe();
      return subscription;
    },
    onLost(listener) {
      if (broken) queueMicrotask(listener);
      else lost.add(listener);
    },
    async close() {
      closed = true;
      stream?.destroy();
    },
  };
}

/**
 * A two-way stream of lines that the server carries over its local socket, as `GET` with an upgrade. Rejects when the server
 * knows no such path.
 */
export function openStream(socketPath: string, path: string, protocol: string): Promise<Duplex> {
  const headers = { connection: 'Upgrade', upgrade: protocol };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath, path, headers, agent: false });
    request.once('upgrade', (_response, stream, head) => {
      if (head.length > 0) stream.unshift(head);
      resolve(stream);
    });
    request.once('response', (response) => readError(response).then(reject, reject));
    request.once('error', (cause) => reject(unreachable(cause)));
    request.end();
  });
}

function send(options: RequestOptions, body?: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = httpRequest({ ...options, agent: false });
    request.once('response', resolve).once('error', (cause) => reject(unreachable(cause)));
    request.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    response.setEncoding('utf8');
    for await (const chunk of response) text += chunk as string;
  } catch (cause) {
    throw unreachable(cause);
  }
  return text;
}

async function readError(response: IncomingMessage): Promise<OspainError> {
  const text = await readBody(response);
  try {
    return OspainError.fromWire(WireError.parse(JSON.parse(text)));
  } catch (cause) {
    return new OspainError('unavailable', `The server answered ${response.statusCode ?? 'nothing'}.`, { cause });
  }
}

/** Lines that carry something; blank ones only keep the stream alive. */
function readLines(stream: IncomingMessage, onLine: (line: string) => void, onEnd: () => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line);
  });
  // A cut stream reports an error and then closes; a finished one only closes.
  stream.on('error', () => {});
  stream.once('close', onEnd);
}

const unreachable = (cause: unknown): OspainError =>
  new OspainError('unavailable', 'The server of this workspace does not answer.', {
    hint: 'Run the command again; `ospain2 status` shows the server.',
    cause,
  });
