import type { Handlers } from '../dispatch.ts';
import type { McpServers } from '../mcp/servers.ts';

type McpMethod = Extract<keyof Handlers, `mcp/${string}`>;

export function createMcpHandlers({ servers }: { servers: McpServers }): Pick<Handlers, McpMethod> {
  return {
    'mcp/list': () => servers.list(),
    'mcp/allow': ({ name, runs, believed }) => ({ server: servers.allow(name, runs, believed) }),
    'mcp/forbid': async ({ name }) => ({ server: await servers.forbid(name) }),
    'mcp/restart': async ({ name }) => ({ server: await servers.restart(name) }),
    'mcp/log': ({ name }) => ({ lines: servers.log(name) }),
  };
}
