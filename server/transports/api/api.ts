import { type Api, ApiOptions, OspainError, type ParsedParams, type Result } from '../../../protocol/index.ts';
import type { Log } from '../../log.ts';
import { createEndpoint } from '../mcp/endpoint.ts';
import { createProductOffer } from '../mcp/productOffer.ts';
import type { Served } from '../served.ts';
import { ownAddresses } from './addresses.ts';
import { createHub, type HubOptions } from './hub/hub.ts';
import { LIMITS, type Limits } from './limits.ts';
import { listen } from './listen.ts';
import { createProgram } from './program.ts';
import { createRoutes } from './routeTable.ts';

export interface ApiCarrierOptions {
  served: Served;
  /** The secret that every request needs; read with each, since another server may change it. */
  token: { file: string; read(): string | null; prepare(): Promise<void> };
  hub: HubOptions;
  onChange(api: Api | null): void;
  log: Log;
  now?: () => number;
  limits?: Partial<Limits>;
}

/** HTTP on TCP for other programs: at most once a server, and only when somebody asked for it. */
export interface ApiCarrier {
  show(): Api | null;
  start(options: ApiOptions): Promise<Api>;
  stop(): Promise<void>;
  /** See `hub/open`. */
  openHub(options: ParsedParams<'hub/open'>): Promise<Result<'hub/open'>>;
  /** See `hub/signOut`. */
  signOutHubs(): Promise<number>;
}

interface Running {
  api: Api;
  openHub(): Result<'hub/open'>;
  signOutHubs(): Promise<number>;
  close(): Promise<void>;
}

export function createApiCarrier(options: ApiCarrierOptions): ApiCarrier {
  const { onChange, log } = options;
  let running: Running | null = null;
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: two starts at one moment make one API. */
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run);
    last = turn.catch(() => {});
    return turn;
  };

  const start = (asked: ApiOptions) =>
    inTurn(async () => {
      if (running !== null) return sameAs(running.api, asked);
      running = await open(options, asked);
      log[asked.lan ? 'warn' : 'info'](
        `the API is served at ${[running.api.url, ...running.api.addresses].join(', ')}`,
      );
      onChange(running.api);
      return running.api;
    });

  return {
    show: () => running?.api ?? null,
    start,
    stop: () =>
      inTurn(async () => {
        if (running === null) return;
        await running.close();
        running = null;
        log.info('the API is not served any more');
        onChange(null);
      }),
    async openHub({ serve }) {
      for (const port of portsOf(options.hub.workspace)) {
        if (running !== null || !serve) break;
        await start({ port, lan: false }).catch((thrown: unknown) => {
          if (port === 0 || OspainError.from(thrown).code !== 'conflict') throw thrown;
        });
      }
      if (running !== null) return running.openHub();
      throw new OspainError('wrong_state', 'The API is not served, and the hub in a browser is a part of it.', {
        hint: 'Run `ospain2 hub`, which starts it.',
      });
    },
    signOutHubs: () => (running === null ? options.hub.sessions.endAll() : running.signOutHubs()),
  };
}

/** What a browser keeps of a hub hangs on its port, so that two workspaces have two, and each the same every time. */
const portsOf = (workspace: string): number[] => {
  const { port } = ApiOptions.parse({});
  return [port, port + 1 + (Number.parseInt(workspace.slice(0, 8), 16) % 800), 0];
};

function sameAs(api: Api, { port, lan }: ApiOptions): Api {
  if (lan === api.lan && (port === 0 || port === api.port)) return api;
  throw new OspainError(
    'wrong_state',
    `The API is served already, at ${api.url}${api.lan ? ' and to other machines' : ''}.`,
    {
      hint: 'Stop it first.',
    },
  );
}

async function open(
  { served, token, hub: hubOptions, log, limits: chosen, now = Date.now }: ApiCarrierOptions,
  { port: asked, lan }: ApiOptions,
): Promise<Running> {
  const limits = { ...LIMITS, ...chosen };
  await token.prepare();
  let port = asked;
  const hub = createHub({ ...hubOptions, served, limits, log, now, port: () => port });
  const gate = () => ({ port, lan, token: token.read, session: hub.sessionOf });
  const mcp = createEndpoint({
    offer: createProductOffer(served, { decides: false }),
    limits: { heartbeatMs: limits.heartbeatMs },
  });
  const program = await createProgram({ served, routes: createRoutes({ mcp, served }), hub, limits, gate });
  try {
    const listening = await listen({ port, lan, handle: program.handle, upgrade: program.upgrade, limits });
    port = listening.port;
    const at = (host: string) => `http://${host}:${port}`;
    return {
      openHub: hub.open,
      signOutHubs: hub.signOut,
      api: { url: at('127.0.0.1'), port, lan, addresses: lan ? ownAddresses().map(at) : [], tokenFile: token.file },
      async close() {
        // Streams that stay open end first: the port closes when nobody is connected.
        await mcp.close();
        hub.close();
        await listening.close();
        await program.close();
      },
    };
  } catch (thrown) {
    await mcp.close();
    hub.close();
    await program.close();
    throw thrown;
  }
}
