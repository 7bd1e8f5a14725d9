import type { Client } from '../../../protocol/client.ts';
import type { Result } from '../../../protocol/methods.ts';
import type { Task } from '../../../protocol/tasks.ts';
import { fits, searchOf, type TaskFilter } from './taskFilter.ts';

export interface FoundView {
  /** Newest first. */
  readonly ids: readonly string[];
  readonly loading: boolean;
  /** Whether all tasks were looked at. */
  readonly isWhole: boolean;
  readonly error: unknown;
}

/** Tasks that fit a filter, page by page, and kept so while they change. */
export interface FoundTasks {
  view(): FoundView;
  subscribe(listener: () => void): () => void;
  more(): void;
  /** Looks for them anew, such as after the line was away. */
  again(): void;
  dispose(): void;
}

/** Rows that one look is to bring, however few fit. */
const ENOUGH = 100;

export function createFoundTasks(options: {
  client: Pick<Client, 'request' | 'on'>;
  filter: TaskFilter;
  /** Hands a task on to whoever shows it. */
  put: (task: Task) => void;
}): FoundTasks {
  const { client, filter, put } = options;
  const listeners = new Set<() => void>();
  let numbers = new Map<string, number>();
  /** All down to this number were looked at; undefined before the first look, null at the end. */
  let next: number | null | undefined;
  let era = 0;
  let view: FoundView = { ids: [], loading: false, isWhole: false, error: undefined };

  const show = (some: Partial<FoundView>) => {
    view = { ...view, ...some };
    for (const listener of [...listeners]) listener();
  };
  const inOrder = () => [...numbers].sort(([, one], [, other]) => other - one).map(([id]) => id);
  const look = async () => {
    if (view.loading || next === null) return;
    const mine = era;
    const wanted = numbers.size + ENOUGH;
    show({ loading: true, error: undefined });
    try {
      while (next !== null && numbers.size < wanted) {
        const page: Result<'task/search'> = await client.request('task/search', {
          ...searchOf(filter),
          limit: ENOUGH,
          ...(next === undefined ? {} : { before: next }),
        });
        if (mine !== era) return;
        for (const task of page.tasks) {
          put(task);
          numbers.set(task.id, task.number);
        }
        next = page.next;
        show({ ids: inOrder(), isWhole: next === null });
      }
      show({ loading: false });
    } catch (error) {
      if (mine === era) show({ loading: false, error });
    }
  };
  const stop = client.on('task/didChange', ({ task }) => {
    const known = numbers.has(task.id);
    if (known === fits(task, filter)) return;
    if (known) numbers.delete(task.id);
    // What stands further down comes with its page.
    else if (next === null || task.number >= (next ?? 0)) numbers.set(task.id, task.number);
    else return;
    put(task);
    show({ ids: inOrder() });
  });
  const again = () => {
    era += 1;
    numbers = new Map();
    next = undefined;
    view = { ...view, loading: false };
    void look();
  };
  again();
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    more: () => void look(),
    again,
    dispose() {
      era += 1;
      listeners.clear();
      stop();
    },
  };
}
