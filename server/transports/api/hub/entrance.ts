import type { FastifyInstance, FastifyReply } from 'fastify';
import { entryFragment, type HubSession } from '../../../../protocol/index.ts';
import type { RecordAudit } from '../../../audit/auditLog.ts';
import type { Log } from '../../../log.ts';
import type { Limits } from '../limits.ts';
import { POLICY_OF_TEXT, pageHeaders } from './policy.ts';
import { COOKIE, type NewSession, type Session, type Sessions, type Shown } from './session.ts';
import type { Tickets } from './tickets.ts';

export interface EntranceDeps {
  tickets: Tickets<NewSession>;
  sessions: Pick<Sessions, 'create' | 'end'>;
  sessionOf(request: Shown): Session | null;
  workspace: string;
  /** The name of the cookie. */
  cookie(): string;
  audit: RecordAudit;
  limits: Pick<Limits, 'wrongTickets'>;
  log: Log;
  now: () => number;
}

/** In with a ticket, and out again. */
export function addEntrance(app: FastifyInstance, deps: EntranceDeps): void {
  const { tickets, sessions, sessionOf, workspace, cookie, audit, limits, log, now } = deps;
  /** In the name of the hub: who comes in here is nobody yet. */
  const note = (type: 'hub.ticketUsed' | 'hub.ticketRefused' | 'hub.signedOut', why: string | null = null) =>
    audit({ type, subject: workspace, actor: 'hub', details: why === null ? {} : { why } });
  const letIn = () => {
    note('hub.ticketUsed');
    return sessions.create();
  };
  const wrong = createRate(limits.wrongTickets, now);

  app.route<{ Querystring: { ticket?: unknown } }>({
    method: 'GET',
    url: '/hub/enter',
    config: { entry: 'anyone', local: true },
    async handler({ raw, query }, reply) {
      // A browser that only guesses that the person will go there would use the link up.
      if (/prefetch|prerender/.test(String(raw.headers['sec-purpose'] ?? raw.headers['purpose'] ?? '')))
        return tell(reply, 503, 'This link is opened when you go there.');
      const { ticket } = query;
      const used = typeof ticket === 'string' ? await tickets.use(ticket, letIn) : { state: 'unknown' as const };
      if (used.state === 'fresh') {
        const { secret, proof, expiresAt } = used.session;
        log.info('a browser was let into the hub');
        return reply
          .setCookie(cookie(), secret, { ...COOKIE, maxAge: Math.floor((expiresAt - now()) / 1000) })
          .headers(pageHeaders(POLICY_OF_TEXT))
          .redirect(`/hub/#${entryFragment(workspace, proof)}`, 303);
      }
      if (used.state === 'used') {
        // As RFC 6749 has it for codes, section 4.1.2: what came of the first use may be somebody else's.
        await sessions.end(used.session.id);
        note('hub.ticketRefused', 'used twice');
        log.warn('a link to the hub was used twice: the browser that used it first is signed out');
        return tell(reply, 403, 'This link was used before, so whoever used it is signed out now. Open a new one.');
      }
      // Nobody guesses one; what is held back is a flood. A right one passes all the while, so that no flood locks a person out.
      if (!wrong.count()) return tell(reply.header('retry-after', '60'), 429, 'Too many wrong links. Wait a minute.');
      note('hub.ticketRefused', 'unknown or too old');
      return tell(reply, 403, 'This link is too old, or none of this server. Open a new one.');
    },
  });

  app.route({
    method: 'GET',
    url: '/hub/session',
    config: { entry: 'anyone', local: true },
    handler: (request): HubSession => ({ workspace, expiresAt: sessionOf(request)?.expiresAt ?? null }),
  });

  app.route({
    method: 'POST',
    url: '/hub/leave',
    config: { entry: 'person' },
    async handler(request, reply) {
      const session = sessionOf(request);
      if (session !== null) {
        await sessions.end(session.id);
        note('hub.signedOut');
      }
      return reply
        .code(204)
        .setCookie(cookie(), '', { ...COOKIE, maxAge: 0 })
        .send();
    },
  });
}

/** Whether something happens seldom enough: at most so many times a minute. */
function createRate(most: number, now: () => number): { count(): boolean } {
  let since = now();
  let times = 0;
  return {
    count() {
      if (now() - since >= 60_000) [since, times] = [now(), 0];
      times += 1;
      return times <= most;
    },
  };
}

const HOW = 'Run <code>ospain2 hub</code>, or use <b>OSPAiN2: Open Hub in Browser</b> in VS Code.';

/** `text` is ours: nothing of the request is in it. */
function tell(reply: FastifyReply, status: number, text: string): FastifyReply {
  const page = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>OSPAiN2</title><h1>OSPAiN2</h1><p>${text}</p><p>${HOW}</p></html>`;
  return reply.code(status).headers(pageHeaders(POLICY_OF_TEXT)).type('text/html; charset=utf-8').send(page);
}
