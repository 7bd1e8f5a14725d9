import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ParsedParams, Profile, ProposalFile, Task, TaskEvent, Trust } from '../../../protocol/index.ts';
import type { Guard } from '../../../server/agents/gate.ts';
import { createKinds } from '../../../server/agents/kinds.ts';
import { createPlans, type Plans } from '../../../server/agents/plans.ts';
import { createProposals, type Proposals } from '../../../server/agents/proposals.ts';
import type { Tool } from '../../../server/agents/tools/tool.ts';
import { type Approvals, createApprovals } from '../../../server/approvals/approvals.ts';
import { createRuleBook } from '../../../server/approvals/ruleBook.ts';
import type { Answer, Engine, Generation } from '../../../server/inference/engine.ts';
import { createSecrets } from '../../../server/secrets/secrets.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';
import type { Kind } from '../../../server/tasks/kind.ts';
import { createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { createScheduler, type Scheduler } from '../../../server/tasks/scheduler.ts';
import { tempFolder } from '../../support/temp.ts';
import { type Death, mortal } from './mortal.ts';

/** Tokens that models may think before a call. */
export const THINKING = 64;

export const KEY = '0123456789abcdef'.repeat(6);

/** An engine that says what it was given, one answer a turn, and remembers what it was told. */
export interface ScriptedEngine extends Engine {
  readonly heard: Generation[];
  /** Answers that nobody asked for. */
  left(): number;
}

export function scripted(answers: readonly string[], profile: Profile = 'full', contextLength = 8192): ScriptedEngine {
  const rest = [...answers];
  const heard: Generation[] = [];
  return {
    heard,
    left: () => rest.length,
    describe: (name) => ({ name, version: '1.0.0', profile, contextLength }),
    async generate(generation) {
      heard.push({ ...generation, turns: [...generation.turns] });
      const text = rest.shift();
      if (text === undefined) throw new Error('the script has no further answer');
      for (const chunk of text.match(/[\s\S]{1,7}/g) ?? []) generation.onText(chunk);
      const usage = { promptTokens: 100, cachedTokens: 0, generatedTokens: 20, firstTokenMs: 1, durationMs: 2 };
      return { text, stop: 'end', usage };
    },
  };
}

/** The same, but it says the same again when a turn is asked for once more. */
export function steady(
  answers: readonly string[],
  { profile = 'full', stop = 'end' }: { profile?: Profile; stop?: Answer['stop'] } = {},
): ScriptedEngine {
  const engine = scripted([], profile);
  return {
    ...engine,
    async generate(generation) {
      const turn = (generation.turns.length - 1) / 2;
      const said = await scripted(answers.slice(turn)).generate(generation);
      engine.heard.push({ ...generation, turns: [...generation.turns] });
      return { ...said, stop };
    },
  };
}

export interface Ended {
  task: Task;
  events: TaskEvent[];
  types: string[];
}

export interface Workbench extends AsyncDisposable {
  root: string;
  db: Db;
  queue: Queue;
  proposals: Proposals;
  approvals: Approvals;
  guard: Guard;
  plansWith(engine: Engine): Plans;
  write(path: string, content: string | Buffer): void;
  read(path: string): string;
  /** Submits a task and works it with this engine until it has ended. */
  run(engine: Engine, params: Partial<ParsedParams<'task/submit'>>): Promise<Ended>;
  /** Works a task that is there until it has ended. */
  work(engine: Engine, id: string): Promise<Ended>;
  /** Works tasks that are there, all at one time, until all have ended. */
  workTogether(engine: Engine, ...ids: string[]): Promise<void>;
  /** Works a task until its server is killed, and opens the database as the next server does. */
  workUntil(death: Death, engine: Engine, id: string): Promise<void>;
  /** A task that is there and that nobody works. */
  submit(params?: Partial<ParsedParams<'task/submit'>>): Task;
}

/** What a task proposed, without what follows from it. */
export const proposedBy = ({ proposals }: Pick<Workbench, 'proposals'>, ref: string): ProposalFile[] =>
  (proposals.find(ref)?.files ?? []).map(({ path, before, after }) => ({ path, before, after }));

/** A workspace with a real database, queue and scheduler. */
export async function openWorkbench(
  files: Record<string, string | Buffer>,
  { also = [], trust = 'trusted' }: { also?: readonly Tool[]; trust?: Trust } = {},
): Promise<Workbench> {
  const folder = tempFolder('agents');
  const root = join(realpathSync.native(folder.path), 'workspace');
  mkdirSync(root);
  const waiting = new Map<string, (task: Task) => void>();
  const open = async () => {
    const db = await openDatabase({ file: join(folder.path, 'test.db'), key: KEY, synchronous: 'NORMAL' });
    const queue = createQueue({
      db,
      now: Date.now,
      onChange: ({ task }) => {
        if (['done', 'failed', 'cancelled', 'paused'].includes(task.status)) waiting.get(task.id)?.(task);
      },
    });
    const userFile = join(folder.path, 'approvals.json');
    const rules = createRuleBook({ audit() {}, db, now: Date.now, userFile, root, trust: () => trust });
    const approvals = createApprovals({
      audit() {},
      db,
      queue,
      now: Date.now,
      remember: rules.remember,
      onChange: () => {},
    });
    const secrets = createSecrets({ rules, audit() {} });
    const guard: Guard = { approvals, rules, secrets, trust: () => trust, root };
    return { db, queue, approvals, guard, proposals: createProposals({ audit() {}, db, queue, root, now: Date.now }) };
  };
  let core = await open();
  const plansWith = (engine: Engine): Plans =>
    createPlans({ db: core.db, queue: core.queue, engine, root, now: Date.now });
  const startScheduler = (engine: Engine, change: (kind: Kind) => Kind = (kind) => kind, concurrency = 1) => {
    const { queue, proposals, guard } = core;
    const scheduler = createScheduler({
      queue,
      kinds: createKinds({
        engine,
        proposals,
        plans: plansWith(engine),
        root,
        also: async () => also,
        guard,
        syntax: createSyntax(),
        findTask: queue.get,
        thinkingTokens: THINKING,
      }).map(change),
      worker: `${process.pid}:${randomUUID()}`,
      concurrency,
      retryMs: 1,
      now: Date.now,
      log: { error: console.error, warn: () => {}, info: () => {}, debug: () => {} },
    });
    scheduler.start();
    return scheduler;
  };
  const bench: Workbench = {
    root,
    get db() {
      return core.db;
    },
    get queue() {
      return core.queue;
    },
    get approvals() {
      return core.approvals;
    },
    get guard() {
      return core.guard;
    },
    get proposals() {
      return core.proposals;
    },
    plansWith,
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    submit: (params = {}) =>
      core.queue.submit({ kind: 'agent', instruction: 'x', model: 'default', autoAccept: 'none', ...params }),
    run: (engine, params) => bench.work(engine, bench.submit(params).id),
    async work(engine, id) {
      const end = new Promise<Task>((resolve) => waiting.set(id, resolve));
      const scheduler = startScheduler(engine);
      const task = await end;
      await scheduler.stop();
      const events = core.queue.events(id);
      return { task, events, types: events.map(({ type }) => type).filter((type) => type !== 'text') };
    },
    async workTogether(engine, ...ids) {
      const ends = ids.map((id) => new Promise<Task>((resolve) => waiting.set(id, resolve)));
      const scheduler = startScheduler(engine, (kind) => kind, ids.length);
      await Promise.all(ends);
      await scheduler.stop();
    },
    async workUntil(death, engine, id) {
      let scheduler: Scheduler | undefined;
      await new Promise<void>((died, reject) => {
        waiting.set(id, ({ status }) => reject(new Error(`the task was ${status} before its server was killed`)));
        scheduler = startScheduler(engine, (kind) => mortal(kind, { id, death, died }));
      });
      waiting.delete(id);
      // In this order a dead server writes nothing more, and gives nothing back.
      core.db.close();
      await scheduler?.stop({ timeoutMs: 0 });
      core = await open();
      await core.proposals.recover();
    },
    async [Symbol.asyncDispose]() {
      core.db.close();
      folder[Symbol.dispose]();
    },
  };
  for (const [path, content] of Object.entries(files)) bench.write(path, content);
  return bench;
}
