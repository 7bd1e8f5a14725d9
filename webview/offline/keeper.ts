import type { Carrier } from '../../protocol/client.ts';
import { createClient } from '../../protocol/client.ts';
import type { MethodName, Notification } from '../../protocol/methods.ts';
import type { Note } from '../../protocol/notes.ts';
import type { Snapshot } from './snapshot.ts';

/** Tasks that are kept, the newest: what a person looks back at. */
const TASKS = 500;
/** Notes whose text is kept, those changed last, and characters of all of them together. */
const TEXTS = 2000;
const CHARACTERS = 50_000_000;
const PAGE = 1000;

/** Methods that change nothing: what they answer is kept as it is, for the same question. */
const READS: ReadonlySet<MethodName> = new Set<MethodName>([
  ...([
    'task/events',
    'task/steps',
    'proposal/show',
    'plan/show',
    'queue/show',
    'schedule/list',
    'schedule/runs',
  ] as const),
  ...(['note/tags', 'note/boxes', 'horizon/capacity', 'horizon/progress', 'horizon/tonight', 'model/list'] as const),
]);

export interface Keeper {
  /** Keeps all that should be there offline; rejects when the server goes away meanwhile. */
  fill(): Promise<void>;
  /** Keeps what was answered to somebody's question. */
  heard(method: string, params: unknown, result: unknown): Promise<void>;
  /** Keeps what the server said on its own. */
  told(notification: Notification): Promise<void>;
}

export function createKeeper(line: Carrier, snapshot: Snapshot, now: () => number): Keeper {
  const client = createClient(line);

  const fillTasks = async () => {
    const { tasks } = await client.request('task/list', { limit: TASKS });
    await snapshot.putTasks(tasks);
    await snapshot.keepOnly('tasks', new Set(tasks.map(({ id }) => id)));
  };
  const fillItems = async () => {
    const ids = new Set<string>();
    let after: string | undefined;
    do {
      const { items } = await client.request('item/list', { limit: PAGE, ...(after !== undefined && { after }) });
      await snapshot.putItems(items);
      for (const { id } of items) ids.add(id);
      after = items.length === PAGE ? items.at(-1)?.id : undefined;
    } while (after !== undefined);
    await snapshot.keepOnly('items', ids);
  };
  const keepText = async ({ id, version }: Note): Promise<number> => {
    const known = await snapshot.text(id);
    if (known?.note.version === version) return known.text.length;
    const shown = await client.request('note/show', { note: id });
    await snapshot.putText(shown);
    return shown.text.length;
  };
  const fillNotes = async () => {
    const all: Note[] = [];
    let after: string | null = null;
    do {
      const page: { notes: Note[]; next: string | null } = await client.request('note/list', {
        ...{ order: 'updated', limit: PAGE },
        ...(after !== null && { after }),
      });
      all.push(...page.notes);
      after = page.next;
    } while (after !== null);
    await snapshot.putNotes(all);
    await snapshot.keepOnly('notes', new Set(all.map(({ id }) => id)));
    let characters = 0;
    for (const note of all.slice(0, TEXTS)) {
      if (characters > CHARACTERS) break;
      // One that was removed meanwhile is none.
      characters += await keepText(note).catch((thrown: { code?: string }) => {
        if (thrown.code === 'not_found') return 0;
        throw thrown;
      });
    }
  };

  return {
    async fill() {
      await fillTasks();
      await fillItems();
      await fillNotes();
      await snapshot.setKeptAt(now());
    },
    async heard(method, params, result) {
      if (READS.has(method as MethodName)) await snapshot.putAnswer(method as MethodName, params, result);
    },
    async told({ method, params }) {
      if (method === 'task/didChange') await snapshot.putTasks([params.task]);
      else if (method === 'item/didChange') await snapshot.putItems([params.item]);
      else if (method === 'item/didRemove') await snapshot.remove('items', params.itemId);
      else if (method === 'note/didRemove' && params.movedTo === null) await snapshot.remove('notes', params.id);
      else if (method === 'note/didChange') {
        await snapshot.putNotes([params.note]);
        await keepText(params.note);
      } else return;
      await snapshot.setKeptAt(now());
    },
  };
}
