import {
  type AnyKind,
  MAX_TEXT,
  OspainError,
  type Params,
  type ParsedParams,
  type Task,
} from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { EventLog } from './eventLog.ts';
import { type Graph, isOpen, type NewEdge } from './graph.ts';
import { createTaskId } from './taskId.ts';
import { NEW_ROW, normalPayload, payloadOf, type TaskRow, toTask } from './taskRow.ts';
import type { Tasks } from './tasks.ts';

/** What a client asks for; what is left out is as the protocol says. */
export type Submit = Omit<Params<'task/submit'>, 'kind'> &
  Pick<ParsedParams<'task/submit'>, 'model' | 'autoAccept'> & { kind: AnyKind };

/** How tasks come into being. Nothing is written when one of these throws. */
export interface Submission {
  /**
   * Submitting an id again gives the task that is there; `conflict` when it asks for something else, or waits for itself.
   * `not_found` for a parent or a dependency that is not there; `wrong_state` for a part of a cancelled task.
   */
  submit(params: Submit): Task;
  /**
   * A new task that asks for the same, now: what the first one waited for, other tasks or a time, is left out. It is a
   * part of the same task, unless that was cancelled.
   */
  duplicate(ref: string): Task;
}

interface SubmissionDeps {
  db: Db;
  now: () => number;
  log: EventLog;
  tasks: Tasks;
  graph: Graph;
  commit: <T>(change: () => T) => T;
}

type NewRow = [
  ...[uid: string, kind: string, model: string, status: 'blocked' | 'delayed' | 'pending', parent: number | null],
  ...[priority: number, notBefore: number, blockers: number, payload: string, maxAttempts: number],
  ...[createdAt: number, updatedAt: number],
];

export function createSubmission({ db, now, log, tasks, graph, commit }: SubmissionDeps): Submission {
  // The row is the first of its events, too.
  const insert = db.prepare<NewRow>(
    `INSERT INTO tasks (uid, kind, model, status, parent_id, priority, not_before, blockers, payload, max_attempts,
       created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO NOTHING`,
  );
  const isPaused = db.prepare<[], { paused: number }>('SELECT paused FROM workspace');

  const submit = (params: Submit): Task => {
    const { id = createTaskId(now()), kind, model, instruction, context = null, autoAccept } = params;
    const { priority = 0, notBefore = 0, maxAttempts = 3 } = params;
    return commit(() => {
      const parent = params.parentId === undefined ? null : tasks.row(params.parentId);
      const edges = resolve(params.dependsOn ?? [], id);
      const asked = normalPayload({
        instruction,
        context,
        autoAccept,
        dependsOn: edges.map(({ id: taskId, onFailure }) => ({ taskId, onFailure })),
        parent: parent?.uid,
        continues: params.continues === undefined ? undefined : doneTask(params.continues),
        priority,
        notBefore,
        maxAttempts,
      });
      const payload = JSON.stringify(asked);
      if (Buffer.byteLength(payload) > MAX_TEXT)
        throw new OspainError('too_large', 'The task is larger than 1 MiB.', {
          hint: 'Name files instead of pasting them: the task can read them.',
        });
      const there = () => known(id, { kind, model, payload });
      if (parent !== null && !takesParts(parent)) {
        const before = there();
        if (before) return before;
        throw new OspainError('wrong_state', `Task #${parent.id} was cancelled and takes no further parts.`);
      }
      const blockers = edges.filter(isOpen).length;
      const [from, at] = [parent?.id ?? null, now()];
      const status = blockers > 0 ? 'blocked' : notBefore > at ? 'delayed' : 'pending';
      const { changes, lastInsertRowid } = insert.run(
        ...([id, kind, model, status, from, priority, notBefore, blockers, payload, maxAttempts, at, at] as const),
      );
      // Only an id that is taken keeps the row out.
      const before = changes === 0 ? there() : undefined;
      if (before) return before;
      const number = Number(lastInsertRowid);
      log.submitted(number, at, { kind, instruction });
      graph.link(number, edges);
      const gone = edges.some((edge) => isOpen(edge) && edge.onFailure === 'cancel' && hasFailed(edge));
      if (gone) graph.cancel(number);
      else if (status === 'blocked') graph.settle(number);
      else if (status === 'delayed') graph.tell(number);
      if (status !== 'pending' || gone) return log.keep(tasks.read(number));
      // What was just written need not be read.
      const row: TaskRow = {
        ...NEW_ROW,
        ...{ id: number, uid: id, kind, model, parent_id: from, parent_uid: parent?.uid ?? null, priority, payload },
        ...{ not_before: notBefore, max_attempts: maxAttempts, created_at: at, updated_at: at },
        queue_paused: isPaused.get()?.paused ?? 0,
      };
      return log.keep(toTask(row, at, asked));
    });
  };

  /** The task that has this id; `conflict` when it asks for something else. */
  const known = (id: string, asked: Pick<TaskRow, 'kind' | 'model' | 'payload'>): Task | undefined => {
    const there = tasks.find(id);
    if (there === undefined) return undefined;
    if (there.kind === asked.kind && there.model === asked.model && there.payload === asked.payload)
      return tasks.toTask(there);
    throw new OspainError('conflict', `The id ${id} belongs to a task that asks for something else.`);
  };

  /** The id of a task that has said something. */
  const doneTask = (ref: string): string => {
    const { uid, id: number, status } = tasks.row(ref);
    if (status === 'done') return uid;
    throw new OspainError('wrong_state', `Task #${number} is ${status}: nothing can go on behind it.`);
  };

  /** Edges by number; a task that is named twice is one edge. */
  const resolve = (wanted: NonNullable<Submit['dependsOn']>, own: string): Array<NewEdge & { id: string }> => {
    const edges = new Map<number, NewEdge & { id: string }>();
    for (const { taskId, onFailure = 'cancel' } of wanted) {
      if (taskId === own) throw cycle(taskId);
      const { id: number, uid, status, proposal } = tasks.row(taskId);
      if (uid === own) throw cycle(`${own} (#${number})`);
      const known = edges.get(number);
      if (known && known.onFailure !== onFailure)
        throw new OspainError('conflict', `The task would wait for #${number} in two ways at once.`, {
          hint: 'Say once what is to happen when it fails.',
        });
      const isProposed = proposal === 'open';
      edges.set(number, { number, status, isProposed, onFailure, id: uid });
    }
    return [...edges.values()].toSorted((one, other) => one.number - other.number);
  };

  return {
    submit,
    duplicate: (ref) =>
      commit(() => {
        const row = tasks.row(ref);
        const { instruction, context, autoAccept, parent, continues, maxAttempts } = payloadOf(row);
        const home = parent !== undefined && tasks.row(parent).status === 'cancelled' ? undefined : parent;
        return submit({
          kind: tasks.toTask(row).kind,
          instruction,
          context: context ?? undefined,
          model: row.model,
          autoAccept,
          parentId: home,
          continues,
          priority: row.priority,
          maxAttempts,
        });
      }),
  };
}

/** Parts are cancelled with the whole, so a whole that is being cancelled gets no new ones. */
const takesParts = ({ status, cancel_asked }: TaskRow): boolean => status !== 'cancelled' && cancel_asked === 0;

const hasFailed = ({ status }: NewEdge): boolean => status === 'failed' || status === 'cancelled';

/** The only circle there can be: every other dependency was there before the task. */
const cycle = (task: string): OspainError =>
  new OspainError('conflict', `Task ${task.slice(0, 80)} would wait for itself: ${task.slice(0, 80)} → itself.`, {
    hint: 'A task can only wait for tasks that were submitted before it.',
  });
