import { setTimeout as delay } from 'node:timers/promises';
import { type McpServers as Listed, type McpServer, OspainError } from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import { canonical, hashOfText } from '../audit/canonical.ts';
import type { Egress } from '../egress/egress.ts';
import type { Log } from '../log.ts';
import type { Db } from '../storage/database.ts';
import { transact } from '../storage/transaction.ts';
import { createAgreements } from './agreements.ts';
import { type Connection, createConnection, type McpAnswer } from './connection.ts';
import { LIMITS, type McpLimits } from './limits.ts';
import { type ReadSettings, readSettingFiles } from './settingFiles.ts';
import type { McpSettings } from './settings.ts';
import type { McpTool } from './toolList.ts';
import { isRemote } from './transport.ts';

/** A tool that a task may use. */
export interface OfferedTool extends McpTool {
  /** The server's name. */
  server: string;
  /** Whether a person believes the server that it only reads. */
  onlyReads: boolean;
}

/** The servers that are written down for this workspace. */
export interface McpServers {
  list(): Listed;
  allow(name: string, runs: string, believed: boolean): McpServer;
  forbid(name: string): Promise<McpServer>;
  restart(name: string): Promise<McpServer>;
  log(name: string): string[];
  /** The tools of all servers that may be used. One that never told its tools is started; one that cannot be has none. */
  tools(): Promise<OfferedTool[]>;
  call(server: string, tool: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<McpAnswer>;
  /** Ends all of them. */
  dispose(): Promise<void>;
}

export interface McpServersOptions {
  /** Real path. */
  workspace: string;
  /** The user's own `mcp.json`. */
  userFile: string;
  env: NodeJS.ProcessEnv;
  /** Whether the person trusts the folder. */
  trusted(): boolean;
  db: Db;
  egress: Egress;
  audit: RecordAudit;
  onChange(state: Listed): void;
  log: Log;
  now: () => number;
  limits?: Partial<McpLimits>;
}

export function createMcpServers(options: McpServersOptions): McpServers {
  const { workspace, userFile, env, trusted, audit, log, now } = options;
  const limits = { ...LIMITS, ...options.limits };
  const agreements = createAgreements(options);
  /** By what was agreed to: a server that is written otherwise is another. */
  const connections = new Map<string, Connection>();
  let disposed = false;

  const mayRun = (server: McpSettings): boolean => !needsAgreement(server) || agreements.of(server.digest).agreed;

  const connectionOf = (server: McpSettings): Connection => {
    const known = connections.get(server.digest);
    if (known !== undefined) return known;
    const connection = createConnection({
      ...{ server, workspace, env, limits, now, egress: options.egress },
      onChange() {
        const state = connection.state();
        if (state === 'ready') agreements.keepTools(server, connection.listed().tools);
        log[state === 'failed' ? 'warn' : 'info'](`MCP server ${JSON.stringify(server.name)} is ${state}`);
        if (!disposed) options.onChange(list());
      },
    });
    connections.set(server.digest, connection);
    return connection;
  };

  /** What is written down now; what is no longer, or may no longer, ends. */
  const read = (): ReadSettings => {
    const settings = readSettingFiles({ userFile, workspace, env, trusted: trusted() });
    const usable = new Set(settings.servers.filter(mayRun).map(({ digest }) => digest));
    for (const [digest, connection] of connections) {
      if (usable.has(digest)) continue;
      connections.delete(digest);
      void connection.stop();
    }
    return settings;
  };
  const list = (): Listed => {
    const { servers, problems } = read();
    return { servers: servers.map(view), problems, userFile };
  };
  const named = (name: string): McpSettings => {
    const server = read().servers.find((one) => one.name === name);
    if (server !== undefined) return server;
    throw new OspainError('not_found', `There is no MCP server ${JSON.stringify(name)}.`, {
      hint: '"ospain2 mcp servers" lists them, and what is wrong with others.',
    });
  };
  const usable = (name: string): McpSettings => {
    const server = named(name);
    if (mayRun(server)) return server;
    throw new OspainError('forbidden', `Nobody agreed yet to use the MCP server ${JSON.stringify(name)}.`, {
      hint: `"ospain2 mcp allow ${name}" shows what it runs, and asks you.`,
    });
  };

  const view = (server: McpSettings): McpServer => {
    const { name, source, file, runs } = server;
    const kept = agreements.of(server.digest);
    const connection = connections.get(server.digest);
    const listed = connection?.state() === 'ready' ? connection.listed() : { tools: kept.tools ?? [], leftOut: [] };
    return {
      ...{ name, source, file, runs, remote: isRemote(server), needsAgreement: needsAgreement(server) },
      state: mayRun(server) ? (connection?.state() ?? 'idle') : 'unasked',
      why: connection?.why() ?? null,
      tools: listed.tools.map(({ name: tool, does, readOnly, destructive }) => ({
        name: tool,
        does,
        readOnly,
        destructive,
      })),
      leftOut: listed.leftOut,
      believed: kept.believed,
    };
  };

  return {
    list,
    allow(name, runs, believed) {
      const server = named(name);
      if (server.runs !== runs)
        throw new OspainError('conflict', `${JSON.stringify(name)} is written otherwise by now.`, {
          hint: `It runs: ${server.runs}`,
        });
      transact(options.db, () => {
        agreements.agree(server, believed);
        audit({ type: 'mcp.allowed', subject: name, details: { written: server.digest, believed } });
      });
      options.onChange(list());
      return view(server);
    },
    async forbid(name) {
      const server = named(name);
      transact(options.db, () => {
        agreements.withdraw(server.digest);
        audit({ type: 'mcp.withdrawn', subject: name, details: { written: server.digest } });
      });
      if (needsAgreement(server)) {
        const connection = connections.get(server.digest);
        connections.delete(server.digest);
        await connection?.stop();
      }
      options.onChange(list());
      return view(server);
    },
    async restart(name) {
      const server = usable(name);
      const connection = connectionOf(server);
      await connection.stop();
      await connection.ready();
      return view(server);
    },
    log: (name) => connections.get(named(name).digest)?.stderr() ?? [],
    async tools() {
      const offered = read()
        .servers.filter(mayRun)
        .map(async (server): Promise<OfferedTool[]> => {
          let { tools, believed } = agreements.of(server.digest);
          if (tools === null) {
            const connection = connectionOf(server);
            // One that cannot be started has no tools; its state says why.
            await Promise.race([connection.ready().catch(() => {}), delay(limits.firstMs, undefined, { ref: false })]);
            tools = connection.listed().tools;
          }
          return tools.map((tool) => ({ ...tool, server: server.name, onlyReads: believed && tool.readOnly }));
        });
      return (await Promise.all(offered)).flat();
    },
    async call(name, tool, args, signal) {
      try {
        const server = usable(name);
        const hashed = hashOfText(canonical(args));
        audit({
          type: 'mcp.called',
          subject: `${name}: ${tool}`,
          details: { arguments: hashed, written: server.digest },
        });
        return await connectionOf(server).call(tool, args, signal);
      } catch (thrown) {
        signal.throwIfAborted();
        return { ok: false, text: OspainError.from(thrown).message };
      }
    },
    async dispose() {
      disposed = true;
      await Promise.all([...connections.values()].map((connection) => connection.stop()));
    },
  };
}

/** What a person wrote down for this machine they want to run; what came with a folder they may not even have seen. */
const needsAgreement = (server: McpSettings): boolean => server.source === 'workspace' || isRemote(server);
