import type {
  AnyKind,
  AutoAccept,
  Dependency,
  Task,
  TaskContext,
  TaskStatus,
  WireError,
} from '../../protocol/index.ts';
import { WAIT_COLUMNS, type WaitRow, waitsOf } from './waits.ts';

/** A row of `tasks` with what lies in other tables, as the queue's statements select it. */
export interface TaskRow extends WaitRow {
  id: number;
  uid: string;
  kind: string;
  model: string;
  status: TaskStatus;
  parent_id: number | null;
  parent_uid: string | null;
  priority: number;
  not_before: number;
  held: number;
  payload: string;
  max_attempts: number;
  dead: number;
  fence: number;
  cancel_asked: number;
  pause_asked: number;
  progress: string | null;
  result: string | null;
  error: string | null;
  children: number;
  children_ended: number;
  last_seq: number;
  created_at: number;
  updated_at: number;
  /** While its files are being written, a proposal still is for clients what it was. */
  proposal: Task['proposal'];
  /** The approval that a parked task waits for. */
  approval: number | null;
}

/** A task's way, by the number that `tasks.stage` has for each status but `pending`. */
const stages: readonly TaskStatus[] = ['blocked', 'delayed', 'paused', 'cancelled', 'failed', 'done', 'running'];
export const stageOf = (status: Exclude<TaskStatus, 'pending'>): number => stages.indexOf(status);

/** What was asked; what is not there is as it is when nobody asks for it. */
export interface Payload {
  instruction: string;
  context: TaskContext | null;
  autoAccept: AutoAccept;
  /** Task ids, in the order of their numbers. */
  dependsOn?: Dependency[] | undefined;
  /** The id of a task. */
  parent?: string | undefined;
  /** The id of a task. */
  continues?: string | undefined;
  priority?: number | undefined;
  notBefore?: number | undefined;
  maxAttempts: number;
}

export const SELECT_TASK = `SELECT t.id, t.uid, t.kind, t.model, t.status, t.parent_id, t.priority, t.not_before, t.blockers, t.held,
  t.reason, t.payload, t.attempts, t.max_attempts, t.dead, t.fence, t.cancel_asked, t.pause_asked, t.progress, t.result, t.error,
  t.children, t.children_ended, t.last_seq, t.created_at, t.updated_at, coalesce(p.was, p.status) AS proposal,
  CASE WHEN t.status = 'paused' THEN (SELECT id FROM approvals WHERE task_id = t.id AND status = 'open') END AS approval, ${WAIT_COLUMNS},
  (SELECT uid FROM tasks WHERE id = t.parent_id) AS parent_uid
FROM tasks t LEFT JOIN proposals p ON p.task_id = t.id`;

/** In one order and without what is not asked for: two equal requests give equal JSON. */
export function normalPayload({ instruction, context, autoAccept, dependsOn = [], ...rest }: Payload): Payload {
  const where = context && { path: context.path, ...(context.text === undefined ? {} : { text: context.text }) };
  const edges = dependsOn.map(({ taskId, onFailure }) => ({ taskId, onFailure }));
  return {
    instruction,
    context: where,
    autoAccept,
    maxAttempts: rest.maxAttempts,
    dependsOn: edges.length > 0 ? edges : undefined,
    parent: rest.parent,
    continues: rest.continues,
    priority: rest.priority || undefined,
    notBefore: rest.notBefore || undefined,
  };
}

export const payloadOf = ({ payload }: Pick<TaskRow, 'payload'>): Payload => JSON.parse(payload) as Payload;

/** What a task is before anything has happened to it but that it was asked for and waits for its turn. */
export const NEW_ROW = {
  ...{
    status: 'pending',
    blockers: 0,
    waits_for: null,
    waits_review: null,
    held: 0,
    reason: null,
    attempts: 0,
    dead: 0,
    fence: 0,
  },
  ...{ cancel_asked: 0, pause_asked: 0, progress: null, result: null, error: null, children: 0, children_ended: 0 },
  ...{ last_seq: 1, proposal: null, approval: null },
} as const satisfies Partial<TaskRow>;

/** `now` is Unix milliseconds: what a task waits for is said in times of day. */
export function toTask(row: TaskRow, now: number, payload: Payload = payloadOf(row)): Task {
  const { instruction, context, autoAccept, dependsOn = [] } = payload;
  return {
    id: row.uid,
    number: row.id,
    // Only kinds of the protocol are ever submitted.
    kind: row.kind as AnyKind,
    instruction,
    context,
    status: row.status,
    model: row.model,
    autoAccept,
    parentId: row.parent_uid,
    continues: payload.continues ?? null,
    dependsOn,
    priority: row.priority,
    notBefore: row.not_before,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    dead: row.dead === 1,
    waits: waitsOf(row, now),
    children: { total: row.children, ended: row.children_ended },
    progress: row.progress,
    result: row.result,
    error: row.error === null ? null : (JSON.parse(row.error) as WireError),
    proposal: row.proposal,
    approval: row.approval,
    lastSeq: row.last_seq,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** States that only a person's retry leads out of. */
export const hasEnded = (status: TaskStatus): boolean =>
  status === 'done' || status === 'failed' || status === 'cancelled';
