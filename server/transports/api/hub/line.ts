import type { FastifyInstance } from 'fastify';
import { LINE_PATH, SIGNED_OUT } from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';
import type { Lines } from './lines.ts';
import type { Session, Shown } from './session.ts';

export interface LineDeps {
  lines: Lines;
  sessionOf(request: Shown): Session | null;
}

/** The line is a person's: it reaches every method, and the token, which programs have, does not open it. */
export function addLine(app: FastifyInstance, { lines, sessionOf }: LineDeps): void {
  app.route({
    method: 'GET',
    url: LINE_PATH,
    config: { entry: 'person' },
    handler() {
      throw new Refusal('malformed', 'The line is a WebSocket.', { status: 426 });
    },
    wsHandler(socket, request) {
      const session = sessionOf(request);
      if (session === null) return socket.close(SIGNED_OUT, 'signed out');
      lines.add(socket, session.id);
    },
  });
}
