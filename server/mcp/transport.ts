import { StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import type { Egress, Fetch } from '../egress/egress.ts';
import { portOf } from '../egress/hosts.ts';
import { isThisMachine } from '../egress/thisMachine.ts';
import { localFetch, remoteFetch } from './httpFetch.ts';
import type { McpLimits } from './limits.ts';
import type { HttpServer, McpSettings } from './settings.ts';
import type { StderrLog } from './stderrLog.ts';
import { createStdioTransport } from './stdioTransport.ts';

export interface TransportOptions {
  server: McpSettings;
  env: NodeJS.ProcessEnv;
  egress: Egress;
  limits: McpLimits;
  log: StderrLog;
  now: () => number;
}

/** The way to a server, and what has to be let go when it is closed. */
export interface OpenTransport {
  transport: Transport;
  release(): Promise<void>;
}

/** A server on another machine is reached within an action that a person agreed to, which lasts as long as the transport. */
export async function openTransport(options: TransportOptions): Promise<OpenTransport> {
  const { server, limits } = options;
  if (server.kind === 'stdio')
    return { transport: createStdioTransport({ ...options, server }), release: async () => {} };
  if (isThisMachine(server.url)) return { transport: overHttp(server, localFetch(limits)), release: async () => {} };
  const opened = Promise.withResolvers<Fetch>();
  const over = Promise.withResolvers<void>();
  const host = `${server.url.hostname}:${portOf(server.url)}`;
  const action = options.egress.during({ purpose: `MCP server ${server.name}`, hosts: [host] }, async (fetch) => {
    opened.resolve(fetch);
    await over.promise;
  });
  action.catch(opened.reject);
  return {
    transport: overHttp(server, remoteFetch(await opened.promise, limits)),
    async release() {
      over.resolve();
      await action;
    },
  };
}

const overHttp = ({ url, headers }: HttpServer, fetch: ReturnType<typeof localFetch>): Transport =>
  new StreamableHTTPClientTransport(url, { fetch, requestInit: { headers: { ...headers } } });

/** Whether a connection to it leaves this machine. */
export const isRemote = (server: McpSettings): boolean => server.kind === 'http' && !isThisMachine(server.url);
