import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Notification } from '../protocol/index.ts';
import { createKinds } from './agents/kinds.ts';
import { createProposals } from './agents/proposals.ts';
import { createCompleter } from './completion/completer.ts';
import type { Core } from './coreSlot.ts';
import { createBackupHandlers } from './handlers/backups.ts';
import { createCompletionHandlers } from './handlers/completions.ts';
import { createInferenceHandlers } from './handlers/inference.ts';
import { createModelHandlers } from './handlers/models.ts';
import { createProposalHandlers } from './handlers/proposals.ts';
import { createQueueHandlers } from './handlers/queue.ts';
import { createScheduleHandlers } from './handlers/schedules.ts';
import { createServerHandlers, type ServerFacts } from './handlers/server.ts';
import { createTaskHandlers } from './handlers/tasks.ts';
import { createAdmission } from './inference/admission.ts';
import { createPool } from './inference/pool.ts';
import type { Log, LogLine } from './log.ts';
import { createRegistry } from './models/registry.ts';
import { createConditions } from './schedules/conditions.ts';
import { createIdleProbe } from './schedules/idle.ts';
import { createMainsProbe } from './schedules/mains.ts';
import { createSchedules } from './schedules/schedules.ts';
import { createTimekeeper } from './schedules/timekeeper.ts';
import type { Settings } from './settings.ts';
import type { Db } from './storage/database.ts';
import { createHousekeeper } from './tasks/housekeeper.ts';
import { createQueue } from './tasks/queue.ts';
import { createScheduler } from './tasks/scheduler.ts';

export interface CoreOptions {
  /** Closed with the core. */
  db: Db;
  /** The key of the database. */
  key: string;
  /** Absolute path of the folder that tasks work in. */
  workspace: string;
  /** The program that worker processes run, and the model that ships with the product. */
  workerProgram: string;
  embeddedModel: string;
  settings: Settings;
  facts(): ServerFacts;
  notify(notification: Notification): void;
  log: Log & { recent(): LogLine[] };
  now: () => number;
}

/** Everything that stands on an open database; it starts working the queue. */
export async function createCore(options: CoreOptions): Promise<Core> {
  const { db, workspace, settings, notify, log, now } = options;
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
  queue.onState((state) => notify({ method: 'queue/didChange', params: state }));
  const proposals = createProposals({ db, queue, root: workspace, now });
  const scheduler = createScheduler({
    queue,
    kinds: createKinds({ engine: pool, proposals, root: workspace }),
    worker: `${process.pid}:${randomUUID()}`,
    concurrency: 2,
    // So that a question is answered while an agent works.
    perKind: { agent: 1 },
    admit: createAdmission({ registry, pool, log }),
    leaseMs: settings.leaseMs,
    retryMs: settings.retryMs,
    now,
    log,
  });
  const housekeeper = createHousekeeper({
    queue,
    retentionDays: settings.retentionDays,
    retentionBytes: settings.retentionMb * 1e6,
    now,
    log,
  });
  const schedules = createSchedules({
    db,
    queue,
    now,
    onChange: (schedule) => notify({ method: 'schedule/didChange', params: { schedule } }),
    onRemove: (scheduleId) => notify({ method: 'schedule/didRemove', params: { scheduleId } }),
  });
  const onMains = createMainsProbe();
  const timekeeper = createTimekeeper({
    schedules,
    conditions: createConditions({ idle: createIdleProbe({ db, now }), mains: onMains }),
    now,
    log,
    onSubmitted: () => scheduler.wake(),
  });
  const completer = createCompleter({
    engine: pool,
    settings: settings.completion,
    onMains,
    delay: (ms, signal) => delay(ms, undefined, { signal }),
  });
  queue.onOthersCommit(() => {
    // It may be due sooner than what the timekeeper waits for, and who made it may be gone by then.
    if (schedules.poll()) timekeeper.wake();
  });
  const handlers = {
    ...createTaskHandlers({ queue }),
    ...createQueueHandlers({ queue }),
    ...createProposalHandlers({ proposals }),
    ...createScheduleHandlers({ schedules, timekeeper }),
    ...createBackupHandlers({ db, key: options.key, queue, proposals, schedules }),
    ...createModelHandlers({ registry }),
    ...createInferenceHandlers({ engine: pool }),
    ...createCompletionHandlers({ completer }),
    ...createServerHandlers({
      queue,
      registry,
      db,
      workers: () => pool.status(),
      recentLog: () => log.recent(),
      facts: options.facts,
    }),
  };
  await proposals.recover();
  scheduler.start();
  timekeeper.start();
  housekeeper.start();

  return {
    handlers,
    async close() {
      housekeeper.stop();
      await timekeeper.stop();
      await scheduler.stop();
      await pool.dispose();
      db.close();
    },
  };
}
