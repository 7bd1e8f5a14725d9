import { type Client, errorCodes, type McpServer, OspainError, saysText } from '../protocol/index.ts';
import { ask } from './ask.ts';
import type { Colour } from './paint.ts';
import type { Screen } from './screen.ts';
import type { Context } from './taskCommands.ts';
import { oneLine, plural, table } from './text.ts';

/** Servers of others whose tools our agents may use. */

const colours: Record<McpServer['state'], Colour> = {
  unasked: 'yellow',
  idle: 'dim',
  starting: 'cyan',
  ready: 'green',
  failed: 'red',
};

export async function listServers({ link, screen }: Context): Promise<number> {
  const { servers, problems, userFile } = await (await link.open()).client.request('mcp/list', {});
  for (const server of servers) screen.data({ server });
  for (const problem of problems) screen.data({ problem });
  screen.print(
    servers.length === 0
      ? `There are no MCP servers for agents here. Yours go into ${screen.safe(userFile)}`
      : serverTable(servers, screen),
  );
  for (const { file, name, why } of problems)
    screen.warn(`${screen.safe(file)}${name === null ? '' : `, ${JSON.stringify(oneLine(name))}`}: ${oneLine(why)}.`);
  return 0;
}

function serverTable(servers: readonly McpServer[], { paint, safe }: Screen): string {
  const rows = servers.map(({ name, state, tools, source, runs, why }) => [
    safe(oneLine(name)),
    state,
    tools.length === 0 ? '' : String(tools.length),
    source === 'user' ? 'you' : 'the folder',
    safe(oneLine(why ?? runs)),
  ]);
  const [head = '', ...lines] = table([['name', 'state', 'tools', 'from', 'runs, or why not'], ...rows]);
  // Coloured after the columns are made: escape sequences have no width.
  const body = lines.map((line, index) => {
    const state = servers[index]?.state;
    return state === undefined ? line : line.replace(` ${state}`, ` ${paint[colours[state]](state)}`);
  });
  return [paint.dim(head.trimEnd()), ...body].join('\n');
}

export interface AllowOptions {
  believe?: boolean;
  yes?: boolean;
}

export async function allowServer(
  context: Context,
  name: string,
  { believe = false, yes = false }: AllowOptions,
): Promise<number> {
  const { host, link, screen } = context;
  const { client } = await link.open();
  const { runs, file, remote } = await find(client, name);
  screen.warn(`${screen.safe(file)} says that ${JSON.stringify(oneLine(name))} is: ${screen.safe(runs)}`);
  screen.warn(
    remote
      ? 'It is on another machine: what agents ask it leaves this one.'
      : 'It runs as you do: it can read, change and send whatever you can.',
  );
  if (!yes && !(await ask(host, 'Let agents use it?'))) {
    screen.warn('It stays unused.');
    return errorCodes.cancelled.exit;
  }
  const { server } = await client.request('mcp/allow', { name, runs, believed: believe });
  screen.data({ server });
  screen.print('Agents may use it. When it is written otherwise, you are asked again.');
  return 0;
}

export async function forbidServer({ link, screen }: Context, name: string): Promise<number> {
  const { server } = await (await link.open()).client.request('mcp/forbid', { name });
  screen.data({ server });
  screen.print(
    server.needsAgreement
      ? 'Agents may not use it any more.'
      : 'It is in your own file, so agents may still use it; its word is not taken for which of its tools only read.',
  );
  return 0;
}

export async function restartServer({ link, screen }: Context, name: string): Promise<number> {
  const { server } = await (await link.open()).client.request('mcp/restart', { name });
  screen.data({ server });
  screen.print(`${plural(server.tools.length, 'tool')}:`);
  for (const { name: tool, does, ...said } of server.tools)
    screen.print(`  ${screen.paint.bold(screen.safe(oneLine(tool)))}${saysText(said)}  ${screen.safe(oneLine(does))}`);
  for (const { name: tool, why } of server.leftOut) screen.warn(`${oneLine(tool)} is left out: ${oneLine(why)}.`);
  return 0;
}

export async function showLog({ link, screen }: Context, name: string): Promise<number> {
  const { lines } = await (await link.open()).client.request('mcp/log', { name });
  for (const line of lines) screen.data({ line });
  screen.print(
    lines.length === 0 ? 'It wrote nothing since this server of ours started.' : screen.safe(lines.join('\n')),
  );
  return 0;
}

async function find(client: Client, name: string): Promise<McpServer> {
  const { servers } = await client.request('mcp/list', {});
  const server = servers.find((one) => one.name === name);
  if (server !== undefined) return server;
  throw new OspainError('not_found', `There is no MCP server ${JSON.stringify(name)}.`, {
    hint: '"ospain2 mcp servers" lists them, and what is wrong with others.',
  });
}
