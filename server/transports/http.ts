import { OspainError } from '../../protocol/index.ts';
import type { EventStreamOptions } from './eventStreams.ts';
import { createRoutes } from './routes.ts';
import type { Served } from './served.ts';
import { type BoundSocket, bindSocket } from './socket.ts';

export interface HttpOptions extends Partial<EventStreamOptions> {
  served: Served;
  /** Socket file, or Windows named pipe. */
  path: string;
  /** Told the path when this server begins to hold it, and null when it lost it. */
  onHeld?: (path: string | null) => void;
  /** Milliseconds between looks at the path: whether its holder went, or whether it is still ours. */
  retryMs?: number;
}

export interface HttpCarrier {
  /** Whether this server answers at the path; else another one does, or `problem` says why nobody can. */
  held(): boolean;
  problem(): OspainError | null;
  dispose(): Promise<void>;
}

/**
 * Serves the core on the workspace's local socket. Only one server of a workspace can hold it; the others wait and the
 * first to notice takes over when it goes. Never rejects: a server without its socket still serves its editor.
 */
export async function serveHttp(options: HttpOptions): Promise<HttpCarrier> {
  const { served, path, onHeld, retryMs = 2000, heartbeatMs = 15_000, bufferBytes = 4 * 1024 * 1024 } = options;
  const routes = await createRoutes(served, { heartbeatMs, bufferBytes });
  let socket: BoundSocket | null = null;
  let problem: OspainError | null = null;
  let looking: Promise<void> | null = null;

  const look = async () => {
    if (socket?.owned() === true) return;
    if (socket !== null) {
      await socket.close();
      socket = null;
      onHeld?.(null);
    }
    try {
      socket = await bindSocket(path, routes.handle);
      socket?.server.on('upgrade', routes.upgrade);
      problem = null;
    } catch (thrown) {
      problem = OspainError.from(thrown);
    }
    if (socket !== null) onHeld?.(path);
  };
  await look();

  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null;
    });
  }, retryMs).unref();

  return {
    held: () => socket !== null,
    problem: () => problem,
    async dispose() {
      clearInterval(timer);
      await looking;
      // The streams end first: a socket closes only when nobody listens to it any more.
      const routesClosed = routes.close();
      await socket?.close();
      await routesClosed;
      if (socket !== null) onHeld?.(null);
      socket = null;
    },
  };
}
