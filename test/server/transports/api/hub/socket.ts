import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A WebSocket client that can be asked what came, in order. */
export interface TestSocket extends AsyncDisposable {
  socket: WebSocket;
  send(frame: unknown): void;
  /** The next frame that nobody took yet; rejects when the socket closes before. */
  next(): Promise<unknown>;
  /** Resolves with the code of the close. */
  closed: Promise<number>;
}

export interface SocketOptions {
  headers?: Record<string, string>;
  origin?: string;
  /** Says nothing to pings, as a browser that hangs. */
  mute?: boolean;
}

/** Rejects with the status that the server answered instead. */
export async function openSocket(
  url: string,
  { headers = {}, origin, mute = false }: SocketOptions = {},
): Promise<TestSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), {
    headers,
    autoPong: !mute,
    ...(origin !== undefined && { origin }),
    // A test that went wrong must not wait for ever.
    handshakeTimeout: 10_000,
  });
  const frames: unknown[] = [];
  const waiting: { resolve(frame: unknown): void; reject(error: Error): void }[] = [];
  socket.on('message', (data) => {
    const frame: unknown = JSON.parse(String(data));
    const asked = waiting.shift();
    if (asked === undefined) frames.push(frame);
    else asked.resolve(frame);
  });
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => {
      for (const { reject } of waiting.splice(0)) reject(new Error(`closed with ${code}`));
      resolve(code);
    });
  });
  const refused = new Promise<never>((_resolve, reject) => {
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      reject(new Error(String(response.statusCode)));
    });
    socket.once('error', reject);
  });
  refused.catch(() => {});
  await Promise.race([once(socket, 'open'), refused]);
  return {
    socket,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next: () =>
      new Promise((resolve, reject) => {
        const frame = frames.shift();
        if (frame !== undefined) resolve(frame);
        else if (socket.readyState === socket.CLOSED) reject(new Error('closed'));
        else waiting.push({ resolve, reject });
      }),
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}

/** The status with which a WebSocket is refused; 101 when it is not. */
export async function refusalOf(url: string, options: SocketOptions = {}): Promise<number> {
  try {
    await using _open = await openSocket(url, options);
    return 101;
  } catch (thrown) {
    return Number((thrown as Error).message);
  }
}
