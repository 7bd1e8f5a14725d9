import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  dayAt,
  type Item,
  methods,
  type Note,
  type Params,
  type Result,
  type Suggestion,
} from '../../../protocol/index.ts';
import { createBoxTicks } from '../../../server/boxes/boxTicks.ts';
import type { Embeddings } from '../../../server/codeIndex/embedder.ts';
import { createItems, type Items } from '../../../server/horizon/items.ts';
import type { Engine } from '../../../server/inference/engine.ts';
import { createNotes, type Notes } from '../../../server/notes/notes.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { createAssistant } from '../../../server/suggestions/assistant.ts';
import type { Suggestions } from '../../../server/suggestions/suggestions.ts';
import { createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { createScheduler } from '../../../server/tasks/scheduler.ts';
import { tempFolder } from '../../support/temp.ts';
import { KEY, scripted } from '../agents/workbench.ts';

/** Notes, items and suggestions of a workspace on a real database, as one server has them. */
export interface Desk {
  db: Db;
  queue: Queue;
  notes: Notes;
  items: Items;
  suggestions: Suggestions;
  boxTicks: ReturnType<typeof createBoxTicks>;
  /** What clients were told of suggestions, in order. */
  told: Suggestion[];
  /** And of notes. */
  noted: Note[];
  write(path: string, text: string): Note;
  read(path: string): string;
  addItem(title: string, params?: Omit<Params<'item/add'>, 'title'>): Item;
  ask(about: Suggestion['about'], of: Suggestion['of'], model?: string): Suggestion;
  /** Asks, and waits until its task has ended. */
  made(about: Suggestion['about'], of: Suggestion['of'], model?: string): Promise<Suggestion>;
  /** Works the queue until this task has ended, or waits. */
  work(taskId: string): Promise<void>;
  accept(suggestion: Suggestion, parts?: number[], anyway?: boolean): Result<'suggestion/accept'>;
}

export interface DeskFixture extends Desk, AsyncDisposable {
  clock: { now: number };
  /** The same workspace as another server has it. */
  another(): Promise<Desk>;
}

export const NO_EMBEDDINGS: Embeddings = { model: () => undefined, embed: async () => [] };
export const NOON = new Date(2026, 10, 25, 12).getTime();

interface DeskOptions {
  engine?: Engine;
  embeddings?: Embeddings;
}

export async function openDesk(options: DeskOptions = {}): Promise<DeskFixture> {
  const folder = tempFolder('desk');
  const clock = { now: NOON };
  const open = () => openDatabase({ file: join(folder.path, 'test.db'), key: KEY, synchronous: 'NORMAL' });
  const dbs: Db[] = [];
  const another = async () => {
    const db = await open();
    dbs.push(db);
    return createDesk(db, { ...options, now: () => clock.now });
  };
  return {
    ...(await another()),
    clock,
    another,
    async [Symbol.asyncDispose]() {
      for (const db of dbs) db.close();
      folder[Symbol.dispose]();
    },
  };
}

function createDesk(
  db: Db,
  { engine = scripted([]), embeddings = NO_EMBEDDINGS, now }: DeskOptions & { now(): number },
): Desk {
  const told: Suggestion[] = [];
  const noted: Note[] = [];
  const ends = new Map<string, () => void>();
  const queue = createQueue({
    db,
    now,
    onChange: ({ task }) => {
      if (['done', 'failed', 'cancelled', 'paused'].includes(task.status)) ends.get(task.id)?.();
    },
  });
  const items = createItems({
    ...{ db, queue, now, today: () => dayAt(now()) },
    onChange(item) {
      boxTicks.changedItem(item.id);
      suggestions.poll();
    },
    onRemove() {},
    onHistory() {},
  });
  const notes = createNotes({
    db,
    now,
    onChange(note) {
      noted.push(note);
      boxTicks.changedNote(note.id);
      suggestions.poll();
    },
    onRemove: () => suggestions.poll(),
  });
  const boxTicks = createBoxTicks({ db, notes, items });
  const { suggestions, kind } = createAssistant({
    ...{ db, queue, engine, embeddings, notes, items, now, today: () => dayAt(now()) },
    onChange: (suggestion) => void told.push(suggestion),
  });
  queue.onOthersCommit(() => {
    notes.poll();
    items.poll();
    suggestions.poll();
  });
  const desk: Desk = {
    ...{ db, queue, notes, items, suggestions, boxTicks, told, noted },
    write(path, text) {
      const there = notes.list({ order: 'path', limit: 1000 }).notes.find((note) => note.path === path);
      return notes.save({ path, text, base: there?.version ?? null });
    },
    read: (path) => notes.show(path).text,
    addItem: (title, params = {}) =>
      items.add(methods['item/add'].params.parse({ id: randomUUID(), title, ...params })).item,
    ask: (about, of, model = 'default') => suggestions.ask({ about, of, model }),
    async made(about, of, model) {
      const { id, taskId } = desk.ask(about, of, model);
      if (taskId !== null) await desk.work(taskId);
      return suggestions.get(id);
    },
    async work(taskId) {
      const end = new Promise<void>((resolve) => ends.set(taskId, resolve));
      const scheduler = createScheduler({
        ...{
          queue,
          kinds: [kind],
          worker: `${process.pid}:${randomUUID()}`,
          concurrency: 1,
          retryMs: 0,
          now,
        },
        log: { error: console.error, warn() {}, info() {}, debug() {} },
      });
      scheduler.start();
      await end;
      await scheduler.stop();
    },
    accept: ({ id }, parts, anyway = false) =>
      suggestions.accept({ suggestionId: id, ...(parts === undefined ? {} : { parts }), anyway }),
  };
  return desk;
}

/** What the parts of a suggestion say. */
export const texts = ({ parts }: Suggestion): string[] => parts.map(({ text }) => text);

export const hasCode = (expected: string) => (thrown: unknown) => (thrown as { code?: unknown }).code === expected;
