import type { WebSocket } from 'ws';
import {
  ClientFrame,
  type Notification,
  OspainError,
  type ServerFrame,
  SIGNED_OUT,
  TOO_SLOW,
} from '../../../../protocol/index.ts';
import type { Served } from '../../served.ts';
import type { Limits } from '../limits.ts';

/** The WebSockets over which hubs in browsers speak with the core. */
export interface Lines {
  /** Serves a line of a session until one of them ends. */
  add(socket: WebSocket, sessionId: string): void;
  /** Closes those whose session is over; called now and then, and when one was ended. */
  check(): void;
  close(): void;
}

export interface LinesOptions {
  served: Served;
  limits: Pick<Limits, 'heartbeatMs' | 'lineBufferBytes' | 'lines' | 'lineRequests'>;
  /** Whether a session still is. */
  has(sessionId: string): boolean;
}

/** Close codes of RFC 6455, section 7.4.1, and of its registry. */
const GOING_AWAY = 1001;
const NOT_TEXT = 1003;
const NOT_UNDERSTOOD = 1007;
const TRY_LATER = 1013;

export function createLines({ served, limits, has }: LinesOptions): Lines {
  const lines = new Map<WebSocket, { sessionId: string; alive: boolean }>();
  const say = (socket: WebSocket, text: string) => {
    if (socket.readyState !== socket.OPEN) return;
    // One that does not read is told nothing more, and why; it comes back and asks for what it missed. If it does not even
    // read that, a beat cuts it.
    if (socket.bufferedAmount > limits.lineBufferBytes) socket.close(TOO_SLOW, 'reads too slowly');
    else socket.send(text);
  };
  const stop = served.onNotification((notification: Notification) => {
    if (lines.size === 0) return;
    const text = JSON.stringify(notification);
    for (const socket of lines.keys()) say(socket, text);
  });
  const check = () => {
    for (const [socket, { sessionId }] of lines) if (!has(sessionId)) socket.close(SIGNED_OUT, 'signed out');
  };
  const beat = () => {
    for (const [socket, line] of lines) {
      // A browser answers a ping by itself: who did not is gone, or stuck.
      if (!line.alive) socket.terminate();
      line.alive = false;
      socket.ping();
    }
    check();
  };
  const heartbeat = setInterval(beat, limits.heartbeatMs).unref();

  return {
    add(socket, sessionId) {
      if (lines.size >= limits.lines) return socket.close(TRY_LATER, 'too many hubs are open');
      const line = { sessionId, alive: true };
      lines.set(socket, line);
      socket.on('pong', () => {
        line.alive = true;
      });
      const requests = serveRequests(socket, (frame) => say(socket, JSON.stringify(frame)), { served, limits });
      socket.once('close', () => {
        lines.delete(socket);
        requests.abandon();
      });
    },
    check,
    close() {
      stop();
      clearInterval(heartbeat);
      for (const socket of lines.keys()) socket.close(GOING_AWAY, 'the server stops');
    },
  };
}

/** Answers the frames of one line. Frames that say which request they are get an error; with others nobody can go on. */
function serveRequests(
  socket: WebSocket,
  send: (frame: ServerFrame) => void,
  { served, limits }: Pick<LinesOptions, 'served' | 'limits'>,
): { abandon(): void } {
  const pending = new Map<number, AbortController>();
  const fail = (id: number, error: OspainError) => send({ id, error: error.toWire() });
  const request = async (id: number, method: string, params: unknown) => {
    if (pending.has(id)) return socket.close(NOT_UNDERSTOOD, 'two requests with one id');
    if (pending.size >= limits.lineRequests)
      return fail(id, new OspainError('unavailable', 'Too many requests wait already.', { hint: 'Try again later.' }));
    const controller = new AbortController();
    pending.set(id, controller);
    const outcome = await served.dispatch(method, params, {
      caller: 'hub',
      signal: controller.signal,
      notify: (notification) => send(notification),
    });
    pending.delete(id);
    send(outcome.ok ? { id, result: outcome.result ?? null } : { id, error: outcome.error });
  };

  socket.on('message', (data, isBinary) => {
    if (isBinary) return socket.close(NOT_TEXT, 'frames are text');
    const value = readJson(String(data));
    const frame = ClientFrame.safeParse(value);
    if (!frame.success) {
      const id = idOf(value);
      if (id === null) return socket.close(NOT_UNDERSTOOD, 'not a frame');
      return fail(id, new OspainError('malformed', 'The frame was not understood.', { hint: 'Load the hub again.' }));
    }
    if ('cancel' in frame.data)
      return pending.get(frame.data.id)?.abort(new OspainError('cancelled', 'The request was called off.'));
    void request(frame.data.id, frame.data.method, frame.data.params);
  });
  return {
    abandon() {
      for (const controller of pending.values())
        controller.abort(new OspainError('cancelled', 'The hub hung up before it was answered.'));
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const idOf = (value: unknown): number | null =>
  typeof value === 'object' && value !== null && 'id' in value && Number.isSafeInteger(value.id) && Number(value.id) > 0
    ? Number(value.id)
    : null;
