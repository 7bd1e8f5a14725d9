import { randomUUID } from 'node:crypto';
import { isInitializeRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { createEventHistory, type HistoryLimits } from './eventHistory.ts';
import { createInstance } from './instance.ts';
import type { Offer } from './offer.ts';

export interface SessionLimits {
  /** Clients at one moment. */
  sessions: number;
  /** Milliseconds after which a client that says nothing and has no stream open is forgotten. */
  idleMs: number;
  /** Milliseconds between the comments that keep a silent stream alive. */
  heartbeatMs: number;
  /** Milliseconds after which a client is advised to come back to a stream that was closed. */
  retryMs: number;
  history: HistoryLimits;
}

/** Clients of the protocol's versions up to 2025-11-25, which are known from request to request. */
export interface Sessions {
  handle(request: Request, body: unknown): Promise<Response>;
  /** How many there are. */
  size(): number;
  close(): Promise<void>;
}

interface Session {
  transport: WebStandardStreamableHTTPServerTransport;
  end(): Promise<void>;
  usedAt: number;
  /** Requests that are not answered to their end. */
  open: number;
}

export function createSessions(offer: Offer, limits: SessionLimits, now: () => number): Sessions {
  const sessions = new Map<string, Session>();

  const isIdle = ({ open }: Session) => open === 0;
  const forget = async (id: string) => {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.end();
  };
  /** Makes room for one more; false when every client is at work. */
  const makeRoom = async (): Promise<boolean> => {
    const late = now() - limits.idleMs;
    const idle = [...sessions].filter(([, session]) => isIdle(session)).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    const surplus = sessions.size + 1 - limits.sessions;
    const leaving = idle.filter(([, { usedAt }], at) => usedAt < late || at < surplus);
    await Promise.all(leaving.map(([id]) => forget(id)));
    return sessions.size < limits.sessions;
  };

  const begin = async (request: Request, body: unknown): Promise<Response> => {
    if (!(await makeRoom())) return refuse(503, -32_000, 'Too many clients are connected.');
    const instance = createInstance(offer, { lives: true });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: createEventHistory(limits.history),
      keepAliveMs: limits.heartbeatMs,
      retryInterval: limits.retryMs,
      onsessioninitialized: (id) => {
        sessions.set(id, { transport, end: () => instance.close(), usedAt: now(), open: 0 });
      },
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await instance.connect(transport);
    const response = await transport.handleRequest(request, { parsedBody: body });
    // What was no sound greeting left no session behind.
    if (transport.sessionId === undefined) await instance.close();
    return response;
  };

  return {
    size: () => sessions.size,
    async handle(request, body) {
      const id = request.headers.get('mcp-session-id');
      if (id === null) {
        if (isInitializeRequest(body)) return begin(request, body);
        return refuse(400, -32_000, 'The request names no session: begin with initialize.');
      }
      const session = sessions.get(id);
      if (session === undefined) return refuse(404, -32_001, 'There is no such session: begin with initialize.');
      session.usedAt = now();
      session.open += 1;
      const done = () => {
        session.open -= 1;
        session.usedAt = now();
      };
      try {
        const response = await session.transport.handleRequest(request, body === undefined ? {} : { parsedBody: body });
        return whenRead(response, done);
      } catch (thrown) {
        done();
        throw thrown;
      }
    },
    async close() {
      await Promise.all([...sessions.keys()].map(forget));
    },
  };
}

/** The same answer, which says when it was read to its end or nobody reads it any more. */
function whenRead(response: Response, done: () => void): Response {
  if (response.body === null) {
    done();
    return response;
  }
  let told = false;
  const once = () => {
    if (!told) done();
    told = true;
  };
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done: ended, value } = await reader.read();
        if (value !== undefined) controller.enqueue(value);
        if (!ended) return;
        once();
        controller.close();
      } catch (thrown) {
        once();
        throw thrown;
      }
    },
    async cancel(reason) {
      once();
      await reader.cancel(reason);
    },
  });
  return new Response(body, response);
}

const refuse = (status: number, code: number, message: string): Response =>
  Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
