import { cpus, release, totalmem } from 'node:os';
import { PROTOCOL_VERSION, type ServerStatus, type Setting, type Trust } from '../../protocol/index.ts';
import type { Handlers } from '../dispatch.ts';
import type { LogLine } from '../log.ts';
import type { Registry } from '../models/registry.ts';
import { CIPHER, type Db } from '../storage/database.ts';
import type { Queue } from '../tasks/queue.ts';
import { VERSION } from '../version.ts';

/** What does not change while the server runs, and the socket, which may. */
export type ServerFacts = Pick<
  ServerStatus,
  'workspace' | 'trust' | 'dataFolder' | 'keyStore' | 'socket' | 'workerRuntime' | 'warnings' | 'startedAt'
>;

interface ServerDeps {
  facts(): ServerFacts;
  queue: Queue;
  registry: Registry;
  workers(): ServerStatus['workers'];
  db: Db;
  recentLog(): LogLine[];
  setTrust(trust: Trust): void;
  settings: readonly Setting[];
}

export function createServerHandlers(deps: ServerDeps): Pick<Handlers, Extract<keyof Handlers, `server/${string}`>> {
  const status = (): ServerStatus => ({
    version: VERSION,
    protocol: PROTOCOL_VERSION,
    pid: process.pid,
    node: process.version,
    cipher: CIPHER,
    tasks: deps.queue.counts(),
    workers: deps.workers(),
    ...deps.facts(),
  });
  return {
    'server/status': status,
    'server/settings': () => ({ settings: [...deps.settings] }),
    'server/diagnostics': () => ({ text: diagnose(status(), deps) }),
    'server/trust': ({ trust }) => {
      deps.setTrust(trust);
      return { trust };
    },
  };
}

/** A report that names no folder of the person's: paths tell a stranger more than a maintainer needs. */
function diagnose(status: ServerStatus, { db, registry, recentLog }: ServerDeps): string {
  const { workspace, dataFolder, socket, ...rest } = status;
  const report = {
    ...rest,
    socket: socket === null ? 'held by another server' : 'held by this server',
    platform: `${process.platform}-${process.arch} ${release()}`,
    napi: process.versions['napi'],
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: { totalBytes: totalmem(), serverBytes: process.memoryUsage.rss() },
    database: {
      check: db.pragma('quick_check', { simple: true }),
      schema: db.pragma('user_version', { simple: true }),
      pages: db.pragma('page_count', { simple: true }),
    },
    models: registry.list().map(({ artifact: _artifact, source: _source, ...model }) => model),
  };
  const log = recentLog().map((line) => `${new Date(line.at).toISOString()} ${line.level} ${line.message}`);
  const text = `OSPAiN2 diagnostics\n${JSON.stringify(report, null, 2)}\n\nLog\n${log.join('\n')}\n`;
  return text.replaceAll(dataFolder, '<data folder>').replaceAll(workspace, '<workspace>');
}
