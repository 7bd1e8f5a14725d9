import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { OspainError } from '../../protocol/index.ts';

/** Aborted when the client hangs up before it was answered. */
export function hangUpSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new OspainError('cancelled', 'The client hung up.'));
  });
  return controller.signal;
}

/** The same of a WebSocket. */
export function closeSignal(socket: WebSocket): AbortSignal {
  const controller = new AbortController();
  socket.once('close', () => controller.abort(new OspainError('cancelled', 'The client hung up.')));
  return controller.signal;
}
