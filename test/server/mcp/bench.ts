import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Params, Result } from '../../../protocol/index.ts';
import type { McpLimits } from '../../../server/mcp/limits.ts';
import { createMcpServers, type McpServers } from '../../../server/mcp/servers.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { tempFolder } from '../../support/temp.ts';
import { type EgressBench, egressBench } from '../egress/workbench.ts';

const HOSTILE = fileURLToPath(new URL('hostileServer.ts', import.meta.url));

const PROGRAMS = {
  'server-everything': import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
  'server-filesystem': import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
};

export const program = (name: keyof typeof PROGRAMS, ...args: string[]) => ({
  command: process.execPath,
  args: [fileURLToPath(PROGRAMS[name]), ...args],
});
export const hostile = (wrong: string, more: object = {}) => ({
  command: process.execPath,
  args: [HOSTILE, wrong],
  ...more,
});

export interface McpBench extends AsyncDisposable, Pick<EgressBench, 'made'> {
  servers: McpServers;
  root: string;
  /** Every snapshot that clients were told. */
  told: Result<'mcp/list'>[];
  lines: string[];
  /** Moves the clock. */
  later(ms: number): void;
  write(path: string, content: unknown): void;
  /** What the tool of a server answers. */
  call(server: string, tool: string, args?: object): ReturnType<McpServers['call']>;
  view(name: string): Result<'mcp/list'>['servers'][number];
  /** The same database and files, as the next server process has them. */
  again(): McpServers;
  allow(name: string, more?: Partial<Params<'mcp/allow'>>): void;
}

export interface McpBenchOptions {
  /** The user's own servers. */
  user?: object;
  /** Files of the workspace. */
  files?: Record<string, unknown>;
  trusted?: boolean;
  limits?: Partial<McpLimits>;
  env?: NodeJS.ProcessEnv;
}

/** A workspace with servers of the Model Context Protocol, on a real database. */
export async function openMcpBench(options: McpBenchOptions = {}): Promise<McpBench> {
  const { user = {}, files = {}, trusted = true, limits = {}, env = process.env } = options;
  const [folder, data] = [tempFolder('mcp'), tempFolder('mcp-data')];
  const root = realpathSync.native(folder.path);
  const userFile = join(data.path, 'mcp.json');
  const write = (path: string, content: unknown) => {
    const file = path === 'user' ? userFile : join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('user', { servers: user });
  for (const [path, content] of Object.entries(files)) write(path, content);
  const db = await openDatabase({ file: join(data.path, 'test.db'), key: '0123456789abcdef'.repeat(6) });
  const told: McpBench['told'] = [];
  const lines: string[] = [];
  let offset = 0;
  const { egress, made } = egressBench();
  const line = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const all: McpServers[] = [];
  const open = () => {
    const servers = createMcpServers({
      audit() {},
      ...{ workspace: root, userFile, env, db, egress, limits: { endMs: 200, ...limits } },
      trusted: () => trusted,
      now: () => Date.now() + offset,
      onChange: (state) => void told.push(state),
      log: { error: line('error'), warn: line('warn'), info: line('info'), debug: line('debug') },
    });
    all.push(servers);
    return servers;
  };
  const servers = open();
  const view = (name: string) => {
    const found = servers.list().servers.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no ${name}: ${JSON.stringify(servers.list().problems)}`);
    return found;
  };
  return {
    ...{ servers, root, told, lines, made, write, view, again: open },
    later(ms) {
      offset += ms;
    },
    call: (server, tool, args = {}) => servers.call(server, tool, { ...args }, new AbortController().signal),
    allow: (name, { runs = view(name).runs, believed = false } = {}) => void servers.allow(name, runs, believed),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((one) => one.dispose()));
      db.close();
      folder[Symbol.dispose]();
      data[Symbol.dispose]();
    },
  };
}
