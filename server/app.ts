import { randomUUID } from 'node:crypto';
import type { Notification, OspainError } from '../protocol/index.ts';
import { createKinds } from './agents/kinds.ts';
import { createProposals } from './agents/proposals.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { createModelHandlers } from './handlers/models.ts';
import { createProposalHandlers } from './handlers/proposals.ts';
import { createServerHandlers } from './handlers/server.ts';
import { createTaskHandlers } from './handlers/tasks.ts';
import { createPool } from './inference/pool.ts';
import { createLog, type LogLine } from './log.ts';
import { createRegistry } from './models/registry.ts';
import type { Settings } from './settings.ts';
import { openDatabase } from './storage/database.ts';
import { createFolders, dataFolder } from './storage/dataFolder.ts';
import { loadKey } from './storage/key.ts';
import { createQueue } from './tasks/queue.ts';
import { createScheduler } from './tasks/scheduler.ts';

export interface AppOptions {
  /** Absolute path of the folder that tasks work in. */
  workspace: string;
  /** The program that worker processes run, and the model that ships with the product. */
  workerProgram: string;
  embeddedModel: string;
  settings: Settings;
  env?: NodeJS.ProcessEnv;
  now?: () => number;
}

/** The core and its handlers, without carriers. */
export interface App {
  dispatch: Dispatch;
  /** Every message that clients are told; the returned function stops it. */
  onNotification(listener: (notification: Notification) => void): () => void;
  /** Where a local carrier listens, and who tells the status when it does. */
  readonly socketPath: string;
  setSocket(path: string | null): void;
  dispose(): Promise<void>;
}

/** Opens the workspace's database and starts working its queue. Rejects with the OspainError that says why it cannot. */
export async function createApp(options: AppOptions): Promise<App> {
  const { workspace, settings, env = process.env, now = Date.now } = options;
  const listeners = new Set<(notification: Notification) => void>();
  const notify = (notification: Notification) => {
    for (const listener of listeners) listener(notification);
  };
  const log = createLog(
    ({ level, message }: LogLine) => notify({ method: 'server/didLog', params: { level, message } }),
    now,
  );

  const location = dataFolder(workspace, env);
  createFolders(location);
  const key = await loadKey({ location, env });
  const db = await openDatabase({ file: location.database, key: key.hex96 });
  const started = now();
  let socket: string | null = null;

  const registry = createRegistry({
    db,
    now,
    embedded: options.embeddedModel,
    onChange: (model) => notify({ method: 'model/didChange', params: { model } }),
  });
  registry.registerEmbedded();
  registry.useFiles(settings.models);
  const pool = createPool({
    registry,
    workerProgram: options.workerProgram,
    threads: settings.threads,
    log,
    now,
  });
  const queue = createQueue({
    db,
    now,
    onChange: ({ events, task }) => {
      for (const event of events) notify({ method: 'task/didEvent', params: { event } });
      notify({ method: 'task/didChange', params: { task } });
    },
  });
  const proposals = createProposals({ db, queue, root: workspace, now });
  const scheduler = createScheduler({
    queue,
    kinds: createKinds({ engine: pool, proposals, root: workspace }),
    worker: `${process.pid}:${randomUUID()}`,
    concurrency: 2,
    leaseMs: settings.leaseMs,
    retryMs: settings.retryMs,
    now,
    log,
  });
  const handlers = {
    ...createTaskHandlers({ queue, scheduler }),
    ...createProposalHandlers({ proposals }),
    ...createModelHandlers({ registry }),
    ...createServerHandlers({
      queue,
      registry,
      db,
      workers: () => pool.status(),
      recentLog: () => log.recent(),
      facts: () => ({
        workspace,
        dataFolder: location.folder,
        keyStore: key.store,
        socket,
        warnings: key.warning === undefined ? [] : [key.warning],
        startedAt: started,
      }),
    }),
  };
  await proposals.recover();
  scheduler.start();

  return {
    dispatch: createDispatch(handlers, log),
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    socketPath: location.socket,
    setSocket(path) {
      socket = path;
    },
    async dispose() {
      await scheduler.stop();
      await pool.dispose();
      db.close();
      listeners.clear();
    },
  };
}

/** What a server answers when its core cannot start: every request says why, and the process lives. */
export function createFailedApp(error: OspainError): Pick<App, 'dispatch' | 'onNotification' | 'dispose'> {
  return {
    dispatch: async () => ({ ok: false, error: error.toWire() }),
    onNotification: () => () => {},
    dispose: async () => {},
  };
}
