import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { createInstance } from './instance.ts';
import type { Offer } from './offer.ts';
import { createSessions, type SessionLimits } from './sessions.ts';

/** An offer over HTTP. Who may come in, and how large a body may be, was looked at before. */
export interface Endpoint {
  /** `body` is what the body was parsed to; undefined for none. */
  handle(request: Request, body: unknown): Promise<Response>;
  close(): Promise<void>;
}

export interface EndpointOptions {
  offer: Offer;
  limits?: Partial<SessionLimits>;
  now?: () => number;
}

const LIMITS: SessionLimits = {
  sessions: 64,
  idleMs: 30 * 60_000,
  heartbeatMs: 15_000,
  retryMs: 1000,
  history: { events: 512, size: 1_048_576 },
};

/** Streams of news that newer clients may hold at one moment. */
const MAX_SUBSCRIPTIONS = 64;

/**
 * The streamable HTTP of the Model Context Protocol: 2026-07-28, where each request stands for itself, and the versions before
 * it, which have sessions. One offer serves both.
 */
export function createEndpoint({ offer, limits: chosen = {}, now = Date.now }: EndpointOptions): Endpoint {
  const limits = { ...LIMITS, ...chosen };
  const sessions = createSessions(offer, limits, now);
  const modern = createMcpHandler(() => createInstance(offer, { lives: false }), {
    legacy: 'reject',
    maxSubscriptions: MAX_SUBSCRIPTIONS,
    keepAliveMs: limits.heartbeatMs,
  });
  const stop = offer.onChange((change) => {
    if (change.is === 'list') modern.notify.resourcesChanged();
    if (change.is === 'resource') modern.notify.resourceUpdated(change.uri);
  });
  return {
    async handle(request, body) {
      if (await isLegacyRequest(request, body)) return sessions.handle(request, body);
      return modern.fetch(request, { parsedBody: body });
    },
    async close() {
      stop();
      await Promise.all([sessions.close(), modern.close()]);
    },
  };
}
