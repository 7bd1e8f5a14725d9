import { McpServer } from '@modelcontextprotocol/server';
import type { Offer } from './offer.ts';

/** Resources that one client may watch. */
const MAX_SUBSCRIPTIONS = 1000;

/** One server as the protocol's library means it. `lives` is one that stays with its client and tells it of changes. */
export function createInstance(offer: Offer, { lives }: { lives: boolean }): McpServer {
  const { name, title, version, instructions } = offer;
  const instance = new McpServer(
    { name, title, version },
    {
      instructions,
      capabilities: { logging: {}, resources: { subscribe: true, listChanged: true } },
    },
  );
  offer.register(instance);
  const watched = new Set<string>();
  instance.server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    if (watched.size < MAX_SUBSCRIPTIONS) watched.add(uri);
    return {};
  });
  instance.server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    watched.delete(uri);
    return {};
  });
  if (lives) tell(instance, offer, watched);
  return instance;
}

function tell(instance: McpServer, offer: Offer, watched: ReadonlySet<string>): void {
  const isModern = () => (instance.server.getNegotiatedProtocolVersion() ?? '') >= MODERN;
  const stop = offer.onChange((change) => {
    if (!instance.isConnected()) return;
    // A client that just went away is noticed by its carrier.
    const sent = (promise: Promise<void>) => void promise.catch(() => {});
    if (change.is === 'list') instance.sendResourceListChanged();
    // A newer client names what it watches where the connection is held, which passes on no more than that.
    else if (change.is === 'resource' && (isModern() || watched.has(change.uri)))
      sent(instance.server.sendResourceUpdated({ uri: change.uri }));
    else if (change.is === 'log' && !isModern())
      sent(instance.sendLoggingMessage({ level: change.level, logger: offer.name, data: change.text }));
  });
  const before = instance.server.onclose;
  instance.server.onclose = () => {
    stop();
    before?.();
  };
}

/** The first version in which a request stands for itself, and logging is asked for with each. */
const MODERN = '2026-07-28';
