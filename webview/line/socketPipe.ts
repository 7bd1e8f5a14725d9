import { lineProtocols, SIGNED_OUT } from '../../protocol/hub.ts';
import { t } from '../../protocol/words.ts';
import type { BrowserSession } from './browserSession.ts';
import type { OpenPipe, PipeEnd } from './pipe.ts';

export interface SocketPipeDeps {
  readonly session: Pick<BrowserSession, 'look' | 'proof'>;
  /** Opens the server's WebSocket with sub-protocols. */
  connect(protocols: string[]): WebSocket;
}

/** Frames as JSON texts over the server's WebSocket. Only a link of the server gives a browser the session for it. */
export const socketPipe =
  ({ session, connect }: SocketPipeDeps): OpenPipe =>
  ({ onOpen, onFrame, onClose }) => {
    let socket: WebSocket | undefined;
    let over = false;
    const end = (reason: PipeEnd) => {
      if (over) return;
      over = true;
      onClose(reason);
    };
    const start = async () => {
      // Browsers do not say why a WebSocket was refused, so this is asked before.
      const seen = await session.look().catch(() => undefined);
      if (over) return;
      if (seen === undefined) return end(lost());
      if (seen.expiresAt === null) return end(notLoggedIn());
      socket = connect(lineProtocols(session.proof));
      socket.onopen = onOpen;
      socket.onmessage = ({ data }) => onFrame(readJson(data));
      socket.onclose = ({ code }) => end(code === SIGNED_OUT ? notLoggedIn() : lost());
    };
    void start();
    return {
      send: (frame) => {
        if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
      },
      close() {
        over = true;
        socket?.close();
      },
    };
  };

function readJson(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}

const lost = (): PipeEnd => ({
  message: t('The OSPAiN2 server cannot be reached.'),
  hint: t('The hub connects again by itself once the server is back.'),
  final: false,
});
const notLoggedIn = (): PipeEnd => ({
  message: t('This browser is not logged in to the server.'),
  hint: t('Run `ospain2 hub`, or use "OSPAiN2: Open Hub in Browser" in VS Code: both open a page with a new link.'),
  final: true,
});
