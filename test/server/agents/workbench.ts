import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ParsedParams, Profile, Task, TaskEvent } from '../../../protocol/index.ts';
import { createKinds } from '../../../server/agents/kinds.ts';
import { createProposals, type Proposals } from '../../../server/agents/proposals.ts';
import type { Engine, Generation } from '../../../server/inference/engine.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { createScheduler } from '../../../server/tasks/scheduler.ts';
import { tempFolder } from '../../support/temp.ts';

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
  write(path: string, content: string | Buffer): void;
  read(path: string): string;
  /** Submits a task and works it with this engine until it has ended. */
  run(engine: Engine, params: Partial<ParsedParams<'task/submit'>>): Promise<Ended>;
  /** A task that is there and that nobody works. */
  submit(params?: Partial<ParsedParams<'task/submit'>>): Task;
}

/** A workspace with a real database, queue and scheduler. */
export async function openWorkbench(files: Record<string, string | Buffer>): Promise<Workbench> {
  const folder = tempFolder('agents');
  const root = join(realpathSync.native(folder.path), 'workspace');
  mkdirSync(root);
  const db = await openDatabase({ file: join(folder.path, 'test.db'), key: KEY, synchronous: 'NORMAL' });
  const waiting = new Map<string, (task: Task) => void>();
  const queue = createQueue({
    db,
    now: Date.now,
    onChange: ({ task }) => {
      if (['done', 'failed', 'cancelled'].includes(task.status)) waiting.get(task.id)?.(task);
    },
  });
  const proposals = createProposals({ db, queue, root, now: Date.now });
  const submit: Workbench['submit'] = (params = {}) =>
    queue.submit({ id: randomUUID(), kind: 'agent', instruction: 'x', model: 'default', autoAccept: false, ...params });
  const bench: Workbench = {
    root,
    db,
    queue,
    proposals,
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    submit,
    async run(engine, params) {
      const scheduler = createScheduler({
        queue,
        kinds: createKinds({ engine, proposals, root }),
        worker: `${process.pid}:${randomUUID()}`,
        concurrency: 1,
        retryMs: 1,
        now: Date.now,
        log: { error: console.error, warn: () => {}, info: () => {}, debug: () => {} },
      });
      const { id } = submit(params);
      const end = new Promise<Task>((resolve) => waiting.set(id, resolve));
      scheduler.start();
      const task = await end;
      await scheduler.stop();
      const events = queue.events(id);
      return { task, events, types: events.map(({ type }) => type).filter((type) => type !== 'text') };
    },
    async [Symbol.asyncDispose]() {
      db.close();
      folder[Symbol.dispose]();
    },
  };
  for (const [path, content] of Object.entries(files)) bench.write(path, content);
  return bench;
}
