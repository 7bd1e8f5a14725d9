import { type Client, createClient, OspainError } from '../protocol/index.ts';
import { type ServerOptions, startServer } from './serverProcess.ts';
import { createSocketCarrier, type SocketCarrier } from './socketCarrier.ts';

/** One connection to a server. It may end before the work does. */
export interface Session {
  readonly client: Client;
  /** Whether the server was there before this command, and stays after it. */
  readonly attached: boolean;
  /** Where it listens. */
  readonly socket: string;
  readonly subscribed: SocketCarrier['subscribed'];
  readonly onLost: SocketCarrier['onLost'];
}

/** The way to the server of a workspace, whichever serves it at the moment. */
export interface Link {
  /** The session that is open, or a first one. */
  open(): Promise<Session>;
  /** A new session, when the last one broke: to the server that took over, or to one that is started. */
  reopen(): Promise<Session>;
  close(): Promise<void>;
}

export interface LinkOptions extends ServerOptions {
  /** Unlocks a server that waits for a passphrase; without it the session is with the locked one. */
  unlock?: (client: Client) => Promise<void>;
}

export function createLink(options: LinkOptions): Link {
  let current: Promise<{ session: Session; end(): Promise<void> }> | null = null;
  const start = async () => {
    const { server, carrier, locked } = await findServer(options);
    const { subscribed, onLost } = carrier;
    const client = createClient(carrier);
    try {
      if (locked) await options.unlock?.(client);
    } catch (thrown) {
      await carrier.close();
      await server.close();
      throw thrown;
    }
    return {
      session: { client, attached: server.attached, socket: server.socket, subscribed, onLost },
      async end() {
        await carrier.close();
        await server.close();
      },
    };
  };
  const close = async () => {
    const ending = current;
    current = null;
    // One that never opened has nothing to end.
    await (await ending?.catch(() => null))?.end();
  };
  const open = async () => {
    current ??= start();
    return (await current).session;
  };
  return {
    open,
    async reopen() {
      await close();
      return open();
    },
    close,
  };
}

/** Times that a server may go in the moment after it was found. */
const TRIES = 5;

/** The server of another command ends with that, perhaps as it is found: then there is another, or one is started. */
async function findServer(options: ServerOptions) {
  for (let turn = 1; ; turn++) {
    const server = await startServer(options);
    const carrier = createSocketCarrier(server.socket);
    if (!server.attached) return { server, carrier, locked: server.locked };
    try {
      await carrier.request('server/status', {});
      return { server, carrier, locked: false };
    } catch (thrown) {
      if (thrown instanceof OspainError && thrown.code === 'key_locked') return { server, carrier, locked: true };
      // What a server says itself has no cause here; it is for the command to hear.
      const isGone = thrown instanceof OspainError && thrown.cause instanceof Error;
      if (!isGone || turn === TRIES) return { server, carrier, locked: false };
      await server.close();
    }
  }
}
