import { chmodSync, lstatSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { OspainError, type WireError } from '../../protocol/index.ts';

/** A bound socket. The kernel lets exactly one process bind a path; what needs care is a path whose holder died. */
export interface BoundSocket {
  readonly server: Server;
  /** Whether the path still leads here: somebody may have removed or replaced the file. */
  owned(): boolean;
  close(): Promise<void>;
}

/** Milliseconds that running requests get to end when the socket closes. */
const GRACE = 1000;

const isPipe = (path: string): boolean => path.startsWith('\\\\.\\pipe\\');

/**
 * Binds a local socket (mode 0600) or a Windows named pipe; null when a live server holds it. Throws `unavailable` when
 * the path cannot be used. A folder that has to be made gets mode 0700; one that is there is the caller's business.
 */
export async function bindSocket(path: string, handle: RequestListener): Promise<BoundSocket | null> {
  try {
    // A look costs nothing and spares the usual loser the rest.
    if (await isAlive(path)) return null;
    if (!isPipe(path)) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // A second turn follows when a dead holder's file was cleared; a third, when another server was quicker then.
    for (let turn = 0; turn < 3; turn++) {
      const server = createServer(handle);
      server.on('clientError', refuseJunk);
      if (await listen(server, path)) return bound(server, path);
      if (isPipe(path) || !(await clearDead(path))) return null;
    }
    return null;
  } catch (cause) {
    if (cause instanceof OspainError) throw cause;
    throw new OspainError('unavailable', `The local socket ${path} cannot be opened.`, {
      hint: 'The command line cannot reach this server; the editor can.',
      cause,
    });
  }
}

/** Whether somebody listens at the path. Rejects with the system's error when that cannot be told. */
export function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      // EAGAIN: alive, and busier than its backlog.
      if (code === 'EAGAIN') resolve(true);
      else if (['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(code)) resolve(false);
      else reject(error);
    });
  });
}

/** Resolves with false when the path is taken. */
const listen = (server: Server, path: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(path, () => resolve(true));
  });

/**
 * Removes a socket file that nobody serves; false when somebody does. Between looking and removing, another server may
 * have cleared the same file and bound its own: so the file is moved aside first and looked at again there.
 */
async function clearDead(path: string): Promise<boolean> {
  if (await isAlive(path)) return false;
  const aside = join(dirname(path), `${Math.random().toString(36).slice(2, 7)}~`);
  try {
    if (!lstatSync(path).isSocket())
      throw new OspainError('unavailable', `${path} is in the way: it is not a socket.`, { hint: 'Move it away.' });
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  if (!(await isAlive(aside))) {
    unlinkSync(aside);
    return true;
  }
  // It was another's new socket. Put back, it replaces nothing but a third server's, which notices and steps back.
  renameSync(aside, path);
  return false;
}

function bound(server: Server, path: string): BoundSocket {
  // Before this line only the folder and the umask keep others out; both do by default.
  if (!isPipe(path)) chmodSync(path, 0o600);
  const mine = identity(path);
  const owned = () => identity(path) === mine;
  return {
    server,
    owned,
    async close() {
      // Closing unlinks the path, whoever's it is by then. A server that lost its path only stops being in the way.
      if (!owned()) {
        server.closeAllConnections();
        server.unref();
        return;
      }
      const late = setTimeout(() => server.closeAllConnections(), GRACE);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(late);
    },
  };
}

/** Tells files at one path apart; the inode alone is used again at once. */
function identity(path: string): string {
  if (isPipe(path)) return '';
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}:${stat.mtimeNs}`;
}

/** Answers bytes that are not HTTP, and hangs up. */
function refuseJunk(_error: Error, socket: NodeJS.WritableStream & { destroy(): void; writable: boolean }): void {
  const wire: WireError = new OspainError('malformed', 'The request was not HTTP.').toWire();
  const body = JSON.stringify(wire);
  const head = 'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close';
  if (socket.writable) socket.end(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  else socket.destroy();
}
