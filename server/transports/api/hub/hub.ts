import type { FastifyInstance } from 'fastify';
import type { RecordAudit } from '../../../audit/auditLog.ts';
import type { Log } from '../../../log.ts';
import type { Served } from '../../served.ts';
import type { Limits } from '../limits.ts';
import { addEntrance } from './entrance.ts';
import { addLine } from './line.ts';
import { createLines } from './lines.ts';
import { addPages } from './pages.ts';
import { cookieName, type NewSession, type Session, type Sessions, type Shown, secretsOf } from './session.ts';
import { createTickets } from './tickets.ts';

export interface HubOptions {
  /** What esbuild made of `webview/`. */
  folder: string;
  /** Names the workspace: hexadecimal digits that are the same for each of its servers. */
  workspace: string;
  sessions: Sessions;
  audit: RecordAudit;
}

export interface HubDeps extends HubOptions {
  served: Served;
  limits: Limits;
  log: Log;
  now: () => number;
  /** Where the API listens, which is known only when it does. */
  port(): number;
}

/** The hub in browsers of this machine: its page, the way in, and the line over which it speaks with the core. */
export interface Hub {
  /** A link that lets one browser in. */
  open(): { url: string; expiresAt: number };
  sessionOf(request: Shown): Session | null;
  signOut(): Promise<number>;
  addRoutes(app: FastifyInstance): Promise<void>;
  close(): void;
}

export function createHub({ folder, workspace, sessions, audit, served, limits, log, now, port }: HubDeps): Hub {
  const tickets = createTickets<NewSession>(now);
  const lines = createLines({ served, limits, has: sessions.has });
  const cookie = () => cookieName(port(), workspace);
  const sessionOf = (request: Shown) => {
    const shown = secretsOf(request, cookie());
    return shown === null ? null : sessions.find(shown.secret, shown.proof);
  };
  const end = async (id: string) => {
    await sessions.end(id);
    lines.check();
  };

  return {
    open() {
      audit({ type: 'hub.ticketMade', subject: workspace });
      const { ticket, expiresAt } = tickets.issue();
      // By address: at `localhost` the browser also meets servers of other programs, which would be sent the cookie.
      return { url: `http://127.0.0.1:${port()}/hub/enter?ticket=${ticket}`, expiresAt };
    },
    sessionOf,
    async signOut() {
      tickets.drop();
      audit({ type: 'hub.signedOut', subject: workspace });
      const ended = await sessions.endAll();
      lines.check();
      return ended;
    },
    async addRoutes(app) {
      const ways = { create: sessions.create, end };
      addEntrance(app, { tickets, sessions: ways, sessionOf, workspace, cookie, audit, limits, log, now });
      addLine(app, { lines, sessionOf });
      await addPages(app, { folder });
    },
    close: () => lines.close(),
  };
}
