import { SIGNED_OUT } from '../../protocol/hub.ts';
import type { OpenPipe, PipeEnd } from './pipe.ts';

/** Frames as JSON texts over the server's WebSocket. Only the server's login page gives a browser the cookie for it. */
export const socketPipe =
  (url: URL): OpenPipe =>
  ({ onOpen, onFrame, onClose }) => {
    const socket = new WebSocket(url);
    let opened = false;
    let over = false;
    socket.onopen = () => {
      opened = true;
      onOpen();
    };
    socket.onmessage = ({ data }) => onFrame(readJson(data));
    socket.onclose = async ({ code }) => {
      if (over) return;
      // Browsers do not say why a WebSocket was refused.
      const refused = code === SIGNED_OUT || (!opened && (await isRefused(url)));
      const end = refused ? notLoggedIn : lost;
      if (over) return;
      over = true;
      onClose(end);
    };
    return {
      send: (frame) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
      },
      close() {
        over = true;
        socket.close();
      },
    };
  };

/** Whether the server answers and does not know this browser. */
async function isRefused(url: URL): Promise<boolean> {
  const asked = new URL(url);
  asked.protocol = url.protocol === 'wss:' ? 'https:' : 'http:';
  try {
    return (await fetch(asked, { cache: 'no-store' })).status === 401;
  } catch {
    return false;
  }
}

function readJson(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}

const lost: PipeEnd = {
  message: 'The OSPAiN2 server cannot be reached.',
  hint: 'The hub connects again by itself once the server is back.',
  final: false,
};
const notLoggedIn: PipeEnd = {
  message: 'This browser is not logged in to the server.',
  hint: 'Run `ospain2 hub`, or use "OSPAiN2: Open Hub in Browser" in VS Code: both open a page with a new link.',
  final: true,
};
