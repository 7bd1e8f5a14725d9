import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import {
  dayAt,
  type Editor,
  type Notification,
  OspainError,
  type SettingOrigin,
  type Trust,
} from '../protocol/index.ts';
import { listFiles } from './agents/files.ts';
import { readText } from './agents/fileText.ts';
import { createKinds } from './agents/kinds.ts';
import { createPlans } from './agents/plans.ts';
import { createProposals } from './agents/proposals.ts';
import { createMcpTools } from './agents/tools/mcpTools.ts';
import { createRunCommand } from './agents/tools/runCommand.ts';
import { createSearchCode } from './agents/tools/searchCode.ts';
import { createApprovals } from './approvals/approvals.ts';
import { createRuleBook } from './approvals/ruleBook.ts';
import type { Actors } from './audit/actors.ts';
import { createAnchors } from './audit/anchors.ts';
import { createAuditLog } from './audit/auditLog.ts';
import { createBoxTicks } from './boxes/boxTicks.ts';
import { createCodeIndex } from './codeIndex/codeIndex.ts';
import type { Embeddings } from './codeIndex/embedder.ts';
import { createCommands } from './commands/commands.ts';
import type { Core } from './coreSlot.ts';
import { createActionHandlers } from './handlers/actions.ts';
import { createApprovalHandlers } from './handlers/approvals.ts';
import { createAuditHandlers } from './handlers/audit.ts';
import { createBackupHandlers } from './handlers/backups.ts';
import { createCodeIndexHandlers } from './handlers/codeIndex.ts';
import { createHorizonHandlers } from './handlers/horizons.ts';
import { createItemHandlers } from './handlers/items.ts';
import { createMcpHandlers } from './handlers/mcp.ts';
import { createNoteHandlers } from './handlers/notes.ts';
import { createPlanHandlers } from './handlers/plans.ts';
import { createPrivacyHandlers, type KeptPlaces } from './handlers/privacy.ts';
import { createProposalHandlers } from './handlers/proposals.ts';
import { createQueueHandlers } from './handlers/queue.ts';
import { createScheduleHandlers } from './handlers/schedules.ts';
import { createServerHandlers, type ServerFacts } from './handlers/server.ts';
import { createSuggestionHandlers } from './handlers/suggestions.ts';
import { createTaskHandlers } from './handlers/tasks.ts';
import { createWorkspaceHandlers } from './handlers/workspaces.ts';
import { createCapacity } from './horizon/capacity.ts';
import { createItems } from './horizon/items.ts';
import { createItemTasks } from './horizon/itemTasks.ts';
import { createProgress } from './horizon/progress.ts';
import { createTonight } from './horizon/tonight.ts';
import { createAdmission } from './inference/admission.ts';
import { createParkedStates } from './inference/parkedStates.ts';
import { createParking } from './inference/parking.ts';
import { createActions } from './language/actions.ts';
import type { Log, LogLine } from './log.ts';
import { createMcpServers } from './mcp/servers.ts';
import type { ModelHost } from './modelHost.ts';
import { createNotes } from './notes/notes.ts';
import { createConditions } from './schedules/conditions.ts';
import { createIdleProbe } from './schedules/idle.ts';
import { createMainsProbe } from './schedules/mains.ts';
import { createSchedules } from './schedules/schedules.ts';
import { createTimekeeper } from './schedules/timekeeper.ts';
import { createSecrets } from './secrets/secrets.ts';
import { explainSettings, type Settings } from './settings.ts';
import type { Db } from './storage/database.ts';
import { createAssistant } from './suggestions/assistant.ts';
import { createSyntax } from './syntax/syntax.ts';
import { createHousekeeper } from './tasks/housekeeper.ts';
import type { Kind } from './tasks/kind.ts';
import { createQueue } from './tasks/queue.ts';
import { createScheduler } from './tasks/scheduler.ts';
import { hasEnded } from './tasks/taskRow.ts';

export interface CoreOptions {
  /** Closed with the core. */
  db: Db;
  /** The key of the database. */
  key: string;
  /** Absolute path of the folder that tasks work in. */
  workspace: string;
  /** Absolute path of the folder for parked conversations. */
  parked: string;
  /** What makes tokens; it outlives the core. */
  models: Pick<ModelHost, 'registry' | 'pool' | 'egress' | 'audit'>;
  /** The user's own file of MCP servers, and the environment that they may see some of. */
  mcp: { userFile: string; env: NodeJS.ProcessEnv };
  actors: Actors;
  settings: Settings;
  /** Who chose them. */
  settingsFrom: Exclude<SettingOrigin, 'default'>;
  /** What is kept where. */
  kept: KeptPlaces;
  /** Folders of the product's own, which no command of a task may see. */
  privateFolders: readonly string[];
  editor: Editor | undefined;
  facts(): ServerFacts;
  setTrust(trust: Trust): void;
  /** Absolute path of the user's approval rules. */
  userRules: string;
  notify(notification: Notification): void;
  log: Log & { recent(): LogLine[] };
  now: () => number;
}

/** Everything that stands on an open database; it starts working the queue. */
export async function createCore(options: CoreOptions): Promise<Core> {
  const { db, workspace, settings, notify, log, now } = options;
  const { registry, pool } = options.models;
  const audit = createAuditLog({ db, key: options.key, name: 'workspace', actors: options.actors, now });
  const anchors = createAnchors({
    workspace: audit,
    user: options.models.audit,
    id: options.kept.location.id,
    path: workspace,
  });
  const states = createParkedStates({ db, folder: options.parked, mostBytes: settings.parkedMb * 1e6, now });
  const parking = createParking({ pool, states, log });
  const queue = createQueue({
    db,
    now,
    onChange: ({ events, task }) => {
      for (const event of events) notify({ method: 'task/didEvent', params: { event } });
      notify({ method: 'task/didChange', params: { task } });
      if (events.some(({ type, data }) => type === 'waiting' && data.status === 'paused')) void parking.park(task);
      if (hasEnded(task.status)) states.forget(task.id);
    },
  });
  queue.onState((state) => notify({ method: 'queue/didChange', params: state }));
  const proposals = createProposals({ db, queue, root: workspace, now, audit: audit.record });
  const plans = createPlans({ db, queue, engine: pool, root: workspace, now });
  const trust = () => options.facts().trust;
  const rules = createRuleBook({
    db,
    now,
    userFile: options.userRules,
    root: workspace,
    trust,
    audit: audit.record,
  });
  const approvals = createApprovals({
    db,
    queue,
    now,
    remember: rules.remember,
    audit: audit.record,
    onChange: (approval) => notify({ method: 'approval/didChange', params: { approval } }),
  });
  const server = `${process.pid}:${randomUUID()}`;
  const { timeoutSeconds, memoryMb, scratchMb, processes, readable, shell } = settings.commands;
  const commands = createCommands({
    root: workspace,
    hidden: options.privateFolders,
    timeoutMs: timeoutSeconds * 1000,
    limits: { memory: memoryMb * 1e6, scratch: scratchMb * 1e6, processes },
    readable,
    shell,
    now,
  });
  const runCommand = createRunCommand({ commands, root: workspace, audit: audit.record });
  const syntax = createSyntax();
  const mcp = createMcpServers({
    ...{ workspace, db, log, now, ...options.mcp, egress: options.models.egress, audit: audit.record },
    trusted: () => trust() !== 'untrusted',
    onChange: (state) => notify({ method: 'mcp/didChange', params: state }),
  });
  const codeIndex = await createCodeIndex({
    enabled: settings.codeIndex.enabled,
    // Beside the database, so that it goes where that goes; not in it, since all of it can be made anew.
    file: join(dirname(db.name), 'index.db'),
    key: options.key,
    files: {
      root: workspace,
      list: (signal) => listFiles(workspace, '.', signal),
      read: (path) => readText(join(workspace, path), path),
    },
    syntax,
    embeddings: embeddingsOf(options.models),
    owner: server,
    now,
    log,
  });
  const ownTools = settings.codeIndex.enabled ? [createSearchCode(codeIndex.search)] : [];
  const today = () => dayAt(now());
  const items = createItems({
    ...{ db, queue, now, today },
    onChange(item) {
      notify({ method: 'item/didChange', params: { item } });
      boxTicks.changedItem(item.id);
      assistant.suggestions.poll();
    },
    onRemove: (itemId) => notify({ method: 'item/didRemove', params: { itemId } }),
    onHistory: (history) => notify({ method: 'item/didHistory', params: history }),
  });
  const notes = createNotes({
    db,
    now,
    onChange(note) {
      notify({ method: 'note/didChange', params: { note } });
      boxTicks.changedNote(note.id);
      assistant.suggestions.poll();
    },
    onRemove: (removal) => notify({ method: 'note/didRemove', params: removal }),
  });
  const boxTicks = createBoxTicks({ db, notes, items });
  const assistant = createAssistant({
    ...{ db, queue, engine: parking.engine, embeddings: embeddingsOf(options.models), notes, items, now, today },
    onChange: (suggestion) => notify({ method: 'suggestion/didChange', params: { suggestion } }),
  });
  /** Whoever woke the scheduler, what a task does it does itself. */
  const asTask = (kind: Kind): Kind => ({
    ...kind,
    run: (attempt) => options.actors.during(`task ${attempt.task.number}`, () => kind.run(attempt)),
  });
  const scheduler = createScheduler({
    queue,
    kinds: [
      assistant.kind,
      ...createKinds({
        ...{
          engine: parking.engine,
          proposals,
          plans,
          root: workspace,
          syntax,
          editor: options.editor,
          findTask: queue.get,
        },
        thinkingTokens: settings.thinkingTokens,
        also: async () => [runCommand, ...ownTools, ...(await createMcpTools(mcp))],
        guard: { approvals, rules, trust, root: workspace, secrets: createSecrets({ rules, audit: audit.record }) },
      }),
    ].map(asTask),
    worker: server,
    concurrency: settings.parallelTasks,
    // So that a question is answered while agents work.
    perKind: { agent: Math.max(1, settings.parallelTasks - 1) },
    admit: createAdmission({ registry, pool }),
    leaseMs: settings.leaseMs,
    retryMs: settings.retryMs,
    now,
    log,
  });
  const letModelsGo = pool.hold(() => scheduler.running().map(({ model }) => model));
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
  const timekeeper = createTimekeeper({
    schedules,
    conditions: createConditions({ idle: createIdleProbe({ db, now }), mains: createMainsProbe() }),
    now,
    log,
    onSubmitted: () => scheduler.wake(),
  });
  const itemTasks = createItemTasks({ db, queue, items, schedules, now });
  queue.listen(itemTasks.changed);
  queue.onOthersCommit(() => {
    notes.poll();
    items.poll();
    assistant.suggestions.poll();
    // It may be due sooner than what the timekeeper waits for, and who made it may be gone by then.
    if (schedules.poll()) timekeeper.wake();
  });
  const handlers = {
    ...createTaskHandlers({ queue }),
    ...createQueueHandlers({ queue }),
    ...createProposalHandlers({ proposals }),
    ...createActionHandlers({ actions: createActions({ queue, engine: pool, syntax, root: workspace }) }),
    ...createPlanHandlers({ plans }),
    ...createCodeIndexHandlers({ codeIndex }),
    ...createNoteHandlers({ db, notes }),
    ...createSuggestionHandlers({ suggestions: assistant.suggestions }),
    ...createMcpHandlers({ servers: mcp }),
    ...createWorkspaceHandlers({ root: workspace, syntax }),
    ...createApprovalHandlers({ approvals, rules }),
    ...createScheduleHandlers({ schedules, timekeeper }),
    ...createItemHandlers({ items, itemTasks }),
    ...createHorizonHandlers({
      ...{ items, itemTasks, timekeeper, notify },
      capacity: createCapacity({ db, queue, rows: items.rows, today }),
      tonight: createTonight({ open: () => items.all().filter(({ doneAt }) => doneAt === null), get: items.get }),
      progress: createProgress({ db }),
    }),
    ...createAuditHandlers({ workspace: audit, user: options.models.audit }, anchors),
    ...createBackupHandlers({ db, key: options.key, audit: audit.record, queue, proposals, schedules, items }),
    ...createPrivacyHandlers({
      ...options.kept,
      counts: () => ({
        database: {
          tasks: sum(queue.counts()),
          notes: notes.list({ order: 'path', limit: 1 }).total,
          items: items.rows().length,
          schedules: schedules.list().length,
        },
        models: registry.list().length,
      }),
      index: codeIndex.status,
      trust,
    }),
    ...createServerHandlers({
      queue,
      registry,
      db,
      workers: () => pool.status(),
      recentLog: () => log.recent(),
      facts: options.facts,
      setTrust(said) {
        audit.record({ type: 'trust.set', subject: workspace, details: { trust: said } });
        options.setTrust(said);
      },
      settings: explainSettings(settings, options.settingsFrom),
    }),
  };
  const anchored = (drop: () => void) => {
    try {
      drop();
    } catch (thrown) {
      // A full disk keeps nobody from reading, nor from ending.
      log.error(`the audit log has no anchor: ${OspainError.from(thrown).code}`);
    }
  };
  anchored(anchors.opened);
  states.sweep();
  await proposals.recover();
  itemTasks.catchUp();
  boxTicks.catchUp();
  scheduler.start();
  timekeeper.start();
  housekeeper.start();
  codeIndex.start();

  return {
    handlers,
    async close() {
      housekeeper.stop();
      await codeIndex.stop();
      await timekeeper.stop();
      const atWork = scheduler.running();
      await scheduler.stop();
      await mcp.dispose();
      await parking.close(atWork);
      letModelsGo();
      anchored(anchors.closed);
      db.close();
    },
  };
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0);

/** The model of the alias `embed`, while there is one. */
const embeddingsOf = ({ registry, pool }: CoreOptions['models']): Embeddings => ({
  model() {
    try {
      const { name, version } = registry.resolve('embed');
      return `${name}@${version}`;
    } catch {
      return undefined;
    }
  },
  embed: async (texts, options) => (await pool.embed({ model: 'embed', texts, ...options })).vectors,
});
