import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, ProtocolErrorCode, SdkErrorCode } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { networkWall } from '../../guard/wall.ts';
import { OspainError } from '../../protocol/index.ts';
import { VERSION } from '../version.ts';
import { createFloodGuard } from './flood.ts';
import { resultText } from './resultText.ts';
import type { McpSettings } from './settings.ts';
import { createStderrLog } from './stderrLog.ts';
import { type ListedTools, oneLine, readTools } from './toolList.ts';
import { type OpenTransport, openTransport, type TransportOptions } from './transport.ts';

export type ConnectionState = 'idle' | 'starting' | 'ready' | 'failed';

export interface McpAnswer {
  ok: boolean;
  text: string;
}

/** One server, started when it is needed. What it does wrong ends it, and nothing else. */
export interface Connection {
  state(): ConnectionState;
  /** Why it failed last, in a sentence; null when it did not. */
  why(): string | null;
  listed(): ListedTools;
  /** The last lines of its standard error. */
  stderr(): string[];
  /** Starts it when it is not there. Throws `unavailable` when it cannot be, or not yet again. */
  ready(): Promise<void>;
  /** Throws only when the signal says so. */
  call(tool: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<McpAnswer>;
  /** Ends it. It may be started again at once. */
  stop(): Promise<void>;
}

export interface ConnectionOptions extends Omit<TransportOptions, 'log'> {
  /** Real path; told to servers that ask which folders they may use. */
  workspace: string;
  /** Hears whenever the state or the tools are others. */
  onChange(): void;
}

interface Running extends OpenTransport {
  client: Client;
  startedAt: number;
}

/** Milliseconds after which a server is known to work: what it does then begins the waits anew. */
const STABLE = 60_000;
/** For servers that know no older one. */
const NEWEST = '2026-07-28';
/** Pages of a list of tools. */
const MAX_PAGES = 32;

/** One that is wrong must not take the others with it, so each is looked at by itself. */
const ToolPage = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

export function createConnection(options: ConnectionOptions): Connection {
  const { server, limits, now, onChange } = options;
  const stderr = createStderrLog();
  let state: ConnectionState = 'idle';
  let why: string | null = null;
  let listed: ListedTools = { tools: [], leftOut: [] };
  let running: Running | null = null;
  let greeted: Running | null = null;
  let starting: Promise<void> | null = null;
  let failures = 0;
  let retryAt = 0;
  let relisting = false;

  const become = (next: ConnectionState) => {
    state = next;
    onChange();
  };
  const letGo = async (it: Running) => {
    if (running === it) running = null;
    await it.client.close().catch(() => {});
    await it.release();
  };
  const fail = (reason: string, it: Running | null) => {
    // What was stopped or failed before has no more to say.
    if (it !== null && it !== running) return;
    if (it !== null && now() - it.startedAt > STABLE) failures = 0;
    retryAt = now() + Math.min(limits.backoffMostMs, limits.backoffMs * 2 ** failures++);
    why = reason;
    if (it !== null) void letGo(it);
    become('failed');
  };

  const listTools = async ({ client }: Running, signal: AbortSignal): Promise<ListedTools> => {
    if (client.getServerCapabilities()?.tools === undefined) return { tools: [], leftOut: [] };
    const all: unknown[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const options = { signal, timeout: limits.startMs };
      const answer = await client.request({ method: 'tools/list', params }, ToolPage, options);
      all.push(...answer.tools);
      cursor = answer.nextCursor;
      if (cursor === undefined || all.length > limits.tools) break;
    }
    return readTools(all, limits);
  };

  /** Greets the server, in the words of the versions with sessions or in those of `pin`. */
  const greet = async (pin?: string): Promise<Running> => {
    const client = new Client(
      { name: 'ospain2', version: VERSION },
      {
        // Another machine is not told where the folder lies.
        capabilities: server.kind === 'stdio' ? { roots: {} } : {},
        ...(pin !== undefined && { versionNegotiation: { mode: { pin } } }),
      },
    );
    if (server.kind === 'stdio') client.setRequestHandler('roots/list', () => ({ roots: [rootOf(options.workspace)] }));
    const open = await openTransport({ ...options, log: stderr });
    const it: Running = { ...open, client, startedAt: now() };
    greeted = it;
    let last: string | null = null;
    client.onerror = (error) => {
      last = error.message;
    };
    client.onclose = () => fail(last ?? 'It closed the connection.', it);
    try {
      const signal = AbortSignal.timeout(limits.startMs);
      await client.connect(open.transport, { signal, timeout: limits.startMs });
      return it;
    } catch (thrown) {
      await letGo(it);
      // What the transport said of its end says more than that it ended.
      if (codeOf(thrown) === SdkErrorCode.ConnectionClosed && last !== null) throw new Error(last, { cause: thrown });
      throw thrown;
    } finally {
      greeted = null;
    }
  };

  const start = async (): Promise<void> => {
    become('starting');
    let it: Running | null = null;
    try {
      const mine = await greet().catch((thrown: unknown) => {
        if (codeOf(thrown) !== ProtocolErrorCode.UnsupportedProtocolVersion) throw thrown;
        return greet(NEWEST);
      });
      running = it = mine;
      guardAgainstFloods(mine, (reason) => fail(reason, mine));
      mine.client.setNotificationHandler('notifications/tools/list_changed', () => relist(mine));
      listed = await listTools(mine, AbortSignal.timeout(limits.startMs));
      if (running !== mine) throw new OspainError('unavailable', 'It ended.');
      why = null;
      become('ready');
    } catch (thrown) {
      // It may have said better itself what went wrong.
      if (it === null || it === running) fail(reasonOf(thrown, limits.startMs), it);
      throw new OspainError('unavailable', `${server.name} cannot be used: ${why}`, {
        hint: hintFor(server),
        cause: thrown,
      });
    }
  };

  const guardAgainstFloods = ({ transport }: Running, onFlood: (reason: string) => void) => {
    if (server.kind === 'stdio') return;
    const guard = createFloodGuard(limits.messages, now);
    const pass = transport.onmessage;
    transport.onmessage = (message, extra) => {
      try {
        guard();
      } catch (thrown) {
        return onFlood(OspainError.from(thrown).message);
      }
      pass?.(message, extra);
    };
  };

  /** Once at a time, however often it is said that the tools are others. */
  const relist = async (it: Running): Promise<void> => {
    if (relisting) return;
    relisting = true;
    try {
      listed = await listTools(it, AbortSignal.timeout(limits.startMs));
      if (running === it) onChange();
    } catch {
      // Those that were listed before stand.
    } finally {
      relisting = false;
    }
  };

  const ready = async (): Promise<void> => {
    if (state === 'ready') return;
    if (starting === null) {
      const wait = Math.ceil((retryAt - now()) / 1000);
      if (state === 'failed' && wait > 0)
        throw new OspainError('unavailable', `${server.name} cannot be used: ${why}`, {
          hint: `It is started again in ${wait} s at the earliest.`,
        });
      starting = start().finally(() => {
        starting = null;
      });
    }
    await starting;
  };

  return {
    state: () => state,
    why: () => why,
    listed: () => listed,
    stderr: stderr.lines,
    ready,
    async call(name, args, signal) {
      try {
        await ready();
        const it = running;
        if (it === null) throw new OspainError('unavailable', 'It ended.');
        const answer = await it.client.request(
          { method: 'tools/call', params: { name, arguments: { ...args } } },
          {
            ...{ signal, timeout: limits.callMs, maxTotalTimeout: limits.callMostMs },
            ...{ resetTimeoutOnProgress: true, onprogress: () => {} },
          },
        );
        return { ok: answer.isError !== true, text: resultText(answer) };
      } catch (thrown) {
        signal.throwIfAborted();
        return {
          ok: false,
          text: state === 'failed' ? `${server.name} cannot be used: ${why}` : reasonOf(thrown, limits.callMs),
        };
      }
    },
    async stop() {
      const it = running ?? greeted;
      running = null;
      if (it !== null) await letGo(it);
      await starting?.catch(() => {});
      [why, failures, retryAt] = [null, 0, 0];
      if (state !== 'idle') become('idle');
    },
  };
}

const rootOf = (workspace: string) => ({ uri: pathToFileURL(workspace).href, name: basename(workspace) });

/** Characters of a server's own words. */
const MAX_REASON = 300;

function reasonOf(thrown: unknown, ms: number): string {
  const { message, name } = thrown as { message?: string; name?: string };
  if (name === 'TimeoutError' || codeOf(thrown) === SdkErrorCode.RequestTimeout)
    return `It did not answer in ${Math.round(ms / 1000)} s.`;
  return oneLine(message ?? String(thrown)).slice(0, MAX_REASON);
}

const codeOf = (thrown: unknown): unknown => (thrown as { code?: unknown } | null)?.code;

const hintFor = (server: McpSettings): string => {
  const log = `"ospain2 mcp log ${server.name}" shows what it wrote.`;
  const walled = server.kind === 'stdio' && !server.network && networkWall().length > 0;
  return walled ? `${log} It has no network; "network": true in its entry gives it one.` : log;
};
