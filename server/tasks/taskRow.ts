import type { Task, TaskContext, TaskKind, TaskStatus, WireError } from '../../protocol/index.ts';

/** A row of `tasks` with its proposal's status, as the queue's statements select it. */
export interface TaskRow {
  id: number;
  uid: string;
  kind: string;
  status: TaskStatus;
  payload: string;
  attempts: number;
  max_attempts: number;
  fence: number;
  worker: string | null;
  lease_until: number | null;
  cancel_asked: number;
  progress: string | null;
  result: string | null;
  error: string | null;
  last_seq: number;
  created_at: number;
  updated_at: number;
  proposal: 'open' | 'accepting' | 'accepted' | 'rejected' | 'undoing' | 'undone' | null;
}

/** What was asked, in the order in which it is written: two equal requests give equal text. */
export interface Payload {
  instruction: string;
  context: TaskContext | null;
  model: string;
  autoAccept: boolean;
}

export const SELECT_TASK = 'SELECT t.*, p.status AS proposal FROM tasks t LEFT JOIN proposals p ON p.task_id = t.id';

export function payloadText({ instruction, context, model, autoAccept }: Payload): string {
  const where = context && { path: context.path, ...(context.text === undefined ? {} : { text: context.text }) };
  return JSON.stringify({ instruction, context: where, model, autoAccept } satisfies Payload);
}

export function toTask(row: TaskRow): Task {
  const payload = JSON.parse(row.payload) as Payload;
  return {
    id: row.uid,
    number: row.id,
    // Only kinds of the protocol are ever submitted.
    kind: row.kind as TaskKind,
    instruction: payload.instruction,
    context: payload.context,
    status: row.status,
    model: payload.model,
    autoAccept: payload.autoAccept,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    progress: row.progress,
    result: row.result,
    error: row.error === null ? null : (JSON.parse(row.error) as WireError),
    proposal: shownStatus(row.proposal),
    lastSeq: row.last_seq,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** While files are being written, the proposal still is for clients what it was. */
function shownStatus(status: TaskRow['proposal']): Task['proposal'] {
  if (status === 'accepting') return 'open';
  return status === 'undoing' ? 'accepted' : status;
}
