import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Model } from '../../../protocol/index.ts';
import type { Answer, Generation, Turn } from '../../../server/inference/engine.ts';
import { createPool, type Pool, type PoolOptions } from '../../../server/inference/pool.ts';
import { createProcessRuntime } from '../../../server/inference/runtimes/process/processRuntime.ts';
import { createRegistry, type Registry } from '../../../server/models/registry.ts';
import { modelMigrations } from '../../../server/models/schema.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { gone } from '../../support/server.ts';
import { tempFolder } from '../../support/temp.ts';

export const WORKER_PROGRAM = fileURLToPath(new URL('../../../server/inference/llama/worker.ts', import.meta.url));
export const CANARY = fileURLToPath(new URL('../../../media/models/canary.gguf', import.meta.url));

export interface TestPool extends AsyncDisposable {
  pool: Pool;
  registry: Registry;
  /** Lines of the pool's log. */
  log: string[];
  /** Snapshots that clients would be told. */
  changes: Model[];
  /** Registers a model file of the test's own folder, as `write` makes it. */
  add(name: string, write: (path: string) => void): string;
  ask(model: string, turns: readonly Turn[], more?: Partial<Generation>): Promise<Answer>;
  /** What `ask` asks the pool, and what the pool was made with: for another pool beside it. */
  generation(model: string, turns: readonly Turn[], more?: Partial<Generation>): Generation;
  options: PoolOptions;
  /** Waits for a worker that somebody has asked for. */
  started(asked: Promise<unknown>): Promise<void>;
  /** Process ids of all workers that there were. */
  pids(): number[];
}

type PartialOptions = { [K in keyof PoolOptions]?: NonNullable<PoolOptions[K]> } & { workerProgram?: string };

/** A pool over a real registry, database and worker processes; the end checks that no process is left. */
export async function openPool({ workerProgram = WORKER_PROGRAM, ...options }: PartialOptions = {}): Promise<TestPool> {
  const folder = tempFolder('pool');
  const db = await openDatabase({
    file: join(folder.path, 'test.db'),
    key: '0'.repeat(96),
    migrations: modelMigrations,
  });
  const changes: Model[] = [];
  const log: string[] = [];
  const say = (line: string) => void log.push(line);
  const registry = createRegistry({
    db,
    blobs: folder.path,
    embedded: CANARY,
    now: Date.now,
    onChange: (model) => void changes.push(model),
  });
  const all: PoolOptions = {
    registry,
    runtime: createProcessRuntime(workerProgram),
    threads: 1,
    conversations: 5,
    idleMs: 0,
    audit() {},
    gpu: 'auto',
    log: { error: say, warn: say, info: say, debug: say },
    now: Date.now,
    ...options,
  };
  const pool = createPool(all);
  const pids = () => [...new Set([...log.flatMap((line) => /worker (\d+)/.exec(line)?.[1] ?? []).map(Number)])];
  const generation = (model: string, turns: readonly Turn[], more: Partial<Generation> = {}): Generation => ({
    model,
    conversation: 'one',
    system: 'short',
    turns,
    maxTokens: 300,
    temperature: 0,
    signal: new AbortController().signal,
    onText: () => {},
    ...more,
  });
  return {
    pool,
    registry,
    log,
    changes,
    pids,
    add(name, write) {
      const path = join(folder.path, `${name}.gguf`);
      write(path);
      registry.registerFile({ name, version: '1.0.0', path });
      return path;
    },
    ask: (model, turns, more) => pool.generate(generation(model, turns, more)),
    generation,
    options: all,
    async started(asked) {
      let isOver = false;
      const end = () => {
        isOver = true;
      };
      asked.then(end, end);
      while (pool.status().length === 0 && !isOver) await new Promise(setImmediate);
      assert.ok(!isOver, 'it ended without a worker');
    },
    async [Symbol.asyncDispose]() {
      await pool.dispose();
      for (const pid of pids()) await gone(pid);
      db.close();
      folder[Symbol.dispose]();
    },
  };
}

export const user = (text: string): Turn => ({ role: 'user', text });
export const said = (text: string): Turn => ({ role: 'assistant', text });
