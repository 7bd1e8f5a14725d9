import { join } from 'node:path';
import type { Guard } from '../guard/guard.ts';
import { type Editor, type Notification, OspainError, type SettingOrigin } from '../protocol/index.ts';
import { createActors } from './audit/actors.ts';
import type { RecordAudit } from './audit/auditLog.ts';
import { createCore } from './core.ts';
import { type Core, createCoreSlot, createFailedCore } from './coreSlot.ts';
import { createDispatch, type Dispatch } from './dispatch.ts';
import { hearRefusals } from './egress/refusals.ts';
import { createApiHandlers } from './handlers/api.ts';
import { createRestoreHandler } from './handlers/backups.ts';
import { createHubHandlers } from './handlers/hub.ts';
import { createKeyHandlers } from './handlers/keys.ts';
import { createIdleLock } from './keys/idleLock.ts';
import { createKeyChanges } from './keys/keyChanges.ts';
import { createLog, type LogLine } from './log.ts';
import { createModelHost } from './modelHost.ts';
import { createModelSlot } from './modelSlot.ts';
import { modelFolder } from './models/modelFolder.ts';
import type { Settings } from './settings.ts';
import { createApiToken } from './storage/apiToken.ts';
import { CIPHER, openDatabase } from './storage/database.ts';
import { createFolders, dataFolder } from './storage/dataFolder.ts';
import { isAskedToLeave, whileOpening } from './storage/handover.ts';
import { createHubSessions } from './storage/hubSessions.ts';
import { after } from './timer.ts';
import { createApiCarrier } from './transports/api/api.ts';
import { createVault } from './vault.ts';
import { visualCWarning } from './visualC.ts';

export interface AppOptions {
  /** Absolute path of the folder that tasks work in. */
  workspace: string;
  /** The program that worker processes run, and the model that ships with the product. */
  workerProgram: string;
  /** The bundled worker program, which images of the worker are made of. */
  bundledWorker: string;
  embeddedModel: string;
  /** The folder with the hub's page, as `npm run build` makes it. */
  hubFolder: string;
  settings: Settings;
  /** Who chose them; a program when not given. */
  settingsFrom?: Exclude<SettingOrigin, 'default'>;
  /** Goes on without a database that cannot be opened, so that a backup can be restored: everything else is refused. */
  repair?: boolean;
  /** The editor that started the server, if one did. */
  editor?: Editor;
  /** What keeps this process from other machines; a process of a test may have none. */
  guard?: Pick<Guard, 'onRefused'>;
  env?: NodeJS.ProcessEnv;
  now?: () => number;
}

/** The core and its handlers, without the carriers of its own clients. */
export interface App {
  dispatch: Dispatch;
  /** Every message that clients are told; the returned function stops it. */
  onNotification(listener: (notification: Notification) => void): () => void;
  /** Where a local carrier listens, and who tells the status when it does. */
  readonly socketPath: string;
  setSocket(path: string | null): void;
  /** Whether it waits for a passphrase. */
  locked(): boolean;
  dispose(): Promise<void>;
}

/** How often to look whether another server wants to replace the database. Milliseconds. */
const LOOK_EVERY = 250;

/** What clients ask by themselves, so that it does not show that somebody is there. */
const UNASKED: ReadonlySet<string> = new Set(['keys/status', 'keys/lock', 'server/status', 'model/readings']);

/** Opens the user's models and the workspace's database, and starts working its queue. Rejects with the OspainError that says why it cannot. */
export async function createApp(options: AppOptions): Promise<App> {
  const { workspace, repair = false, env = process.env, now = Date.now } = options;
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
  const registry = modelFolder(location);
  const vault = await createVault({ location, registry, env, log });
  const { keys } = vault;
  const startedAt = now();
  let socket: string | null = null;
  let apiProblem: string | undefined;
  // It outlives the core.
  let trust = options.settings.trust;
  const facts = () => ({
    workspace,
    trust,
    dataFolder: location.folder,
    keyStore: keys.file()?.store ?? 'file',
    socket,
    workerRuntime: options.settings.workers.runtime,
    warnings: [keys.warning(), visualCWarning(env), apiProblem].filter((warning) => warning !== undefined),
    startedAt,
  });

  const onNotification = (listener: (notification: Notification) => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  const actors = createActors();
  const modelSlot = createModelSlot(async () => {
    await keys.load();
    return createModelHost({ ...options, location, env, findKey: vault.find, actors, notify, log, now });
  });

  /** In the user's log; while that is locked nothing happens that it would hold. */
  const record: RecordAudit = (happened) => modelSlot.host()?.audit.record(happened);
  const hearing = hearRefusals({ guard: options.guard, audit: () => modelSlot.host()?.audit, log });

  const open = async (): Promise<Core> => {
    const models = await modelSlot.open();
    hearing.catchUp();
    await keys.load();
    const {
      db,
      hex96: key,
      origin,
    } = await whileOpening(location, async () => {
      const found = await vault.find(location);
      return { ...found, db: await openDatabase({ file: location.database, key: found.hex96 }) };
    });
    try {
      return await createCore({
        workspace,
        settings: options.settings,
        settingsFrom: options.settingsFrom ?? 'program',
        privateFolders: [location.root],
        kept: {
          location,
          models: models.folder,
          keys: [vault.describe('workspace', location, origin), vault.describe('models', registry, models.keyOrigin)],
          egress: models.egressLog,
          cipher: CIPHER,
          retention: {
            days: options.settings.retentionDays,
            databaseBytes: options.settings.retentionMb * 1e6,
            parkedBytes: options.settings.parkedMb * 1e6,
          },
        },
        editor: options.editor,
        actors,
        models,
        mcp: { userFile: join(location.root, 'mcp.json'), env },
        db,
        key,
        parked: location.parked,
        facts,
        userRules: join(location.root, 'approvals.json'),
        setTrust: (said) => {
          trust = said;
          log.info(`the folder is ${said} now`);
        },
        notify,
        log,
        now,
      });
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  };
  const first = open().catch(async (thrown: unknown) => {
    // Who can unlock it or put a backup back is still to come.
    if (repair || keys.state() === 'locked') return createFailedCore(OspainError.from(thrown));
    await modelSlot.dispose();
    throw thrown;
  });
  const slot = createCoreSlot(await first, open);

  const reopened = async <T>(whileClosed: () => Promise<T>): Promise<T> => {
    const result = await slot.exchange(whileClosed);
    notify({ method: 'backup/didRestore', params: {} });
    return result;
  };
  /** The same without the models, whether or not everything can be opened again: every request says why it cannot. */
  const withoutKeys = async <T>(whileClosed: () => Promise<T>): Promise<T> => {
    let done: Promise<T> | undefined;
    try {
      await reopened(async () => {
        await modelSlot.close();
        done = whileClosed();
        await Promise.allSettled([done]);
      });
    } catch (thrown) {
      if (done === undefined) throw thrown;
      // What clients show is not there to be asked for any more.
      notify({ method: 'backup/didRestore', params: {} });
    } finally {
      notify({ method: 'keys/didChange', params: { state: keys.state() } });
    }
    if (done === undefined) throw new Error('nothing was run');
    return done;
  };
  const look = () => {
    if (slot.exchanging()) return;
    const closed = isAskedToLeave(registry) ? withoutKeys : isAskedToLeave(location) ? reopened : null;
    if (closed === null) return;
    log.info('a database is being replaced by another server');
    closed(async () => {}).catch((thrown: unknown) => {
      log.error(`opening the database again failed: ${OspainError.from(thrown).code}`);
    });
  };
  const watch = setInterval(look, LOOK_EVERY).unref();
  const restore = createRestoreHandler({
    ...{ location, actors, now },
    keyOf: async (file) => (await keys.keyOf(location, file)).hex96,
    whileClosed: reopened,
  });

  const token = createApiToken(location.root);
  const api = createApiCarrier({
    served: {
      dispatch: (method, params, call) => dispatch(method, params, { caller: 'api', ...call }),
      onNotification,
    },
    token,
    hub: {
      folder: options.hubFolder,
      workspace: location.id,
      sessions: createHubSessions(join(location.folder, 'hub-sessions.json'), now),
      audit: record,
    },
    log,
    now,
    onChange: (api) => {
      apiProblem = undefined;
      if (api === null) record({ type: 'api.stopped', subject: workspace });
      else record({ type: 'api.started', subject: api.url, details: { workspace, lan: api.lan } });
      notify({ method: 'api/didChange', params: { api } });
    },
  });
  const keyHandlers = createKeyHandlers({
    ...{ keys, changes: createKeyChanges(keys), now },
    lockAfterMinutes: options.settings.lockAfterMinutes,
    whileClosed: withoutKeys,
    renew: () => vault.renew(token, now),
    record,
  });
  const idle = createIdleLock({
    minutes: options.settings.lockAfterMinutes,
    ...{ after, now },
    lock() {
      if (keys.state() === 'open' && keys.file()?.store === 'passphrase') void dispatch('keys/lock', {});
    },
  });
  const answer = createDispatch(
    {
      ...slot.handlers,
      ...modelSlot.handlers,
      ...restore,
      ...keyHandlers,
      ...createApiHandlers({ api, token, audit: record }),
      ...createHubHandlers({ api }),
    },
    log,
    actors.during,
  );
  const dispatch: Dispatch = (method, params, call) => {
    if (call?.caller !== 'api' && !UNASKED.has(method)) idle.touch();
    return answer(method, params, call);
  };
  if (options.settings.api !== null)
    await api.start(options.settings.api).catch((thrown: unknown) => {
      // The editor and the command line are served all the same.
      apiProblem = `The API is not served: ${OspainError.from(thrown).message}`;
      log.warn(apiProblem);
    });

  return {
    dispatch,
    onNotification,
    socketPath: location.socket,
    locked: () => keys.state() === 'locked',
    setSocket(path) {
      socket = path;
    },
    async dispose() {
      clearInterval(watch);
      hearing.stop();
      await api.stop();
      idle.stop();
      await slot.dispose();
      await modelSlot.dispose();
      vault.wipe();
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
