import {
  type Approval,
  type ApprovalRule,
  type ApprovalStatus,
  OspainError,
  type ParsedParams,
  type Remember,
  type Task,
} from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import { hashOfText } from '../audit/canonical.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Queue } from '../tasks/queue.ts';

/** What a person is shown, and what may be remembered of the answer. */
export type Question = Pick<Approval, 'kind' | 'tool' | 'summary' | 'text' | 'reasons' | 'rules'>;

/** What tasks ask people. An unknown id throws `not_found`. */
export interface Approvals {
  /** Asks, inside the caller's transaction, in which the task is parked. */
  ask(task: Task, turn: number, question: Question): Approval;
  show(id: number): Approval;
  list(filter: ParsedParams<'approval/list'>): Approval[];
  /**
   * Answers, in one transaction with the event that says so and the task's way back to the queue. `wrong_state` when it was
   * answered before or its task has ended, `invalid_params` for an answer that does not fit.
   */
  answer(answer: ParsedParams<'approval/answer'>): Approval;
}

interface ApprovalsDeps {
  db: Db;
  queue: Pick<Queue, 'get' | 'append' | 'unpark' | 'transact' | 'listen'>;
  now: () => number;
  /** Writes rules down; inside the transaction of the answer. */
  remember(scope: Remember, task: Task, rules: readonly ApprovalRule[]): void;
  audit: RecordAudit;
  /** Told after the commit, whichever server of the workspace wrote it. */
  onChange(approval: Approval): void;
}

interface Row {
  id: number;
  task_id: number;
  uid: string;
  turn: number;
  asked: string;
  status: ApprovalStatus;
  answer: string | null;
  asked_at: number;
  answered_at: number | null;
}

const SELECT = 'SELECT a.*, t.uid FROM approvals a JOIN tasks t ON t.id = a.task_id';

export function createApprovals({ db, queue, now, remember, audit, onChange }: ApprovalsDeps): Approvals {
  const one = db.prepare<[number], Row>(`${SELECT} WHERE a.id = ?`);
  const insert = db.prepare<[task: number, turn: number, asked: string, at: number]>(
    `INSERT INTO approvals (task_id, turn, asked, status, asked_at) VALUES (?, ?, ?, 'open', ?)`,
  );
  const settle = db.prepare<[status: ApprovalStatus, answer: string | null, at: number, id: number]>(
    'UPDATE approvals SET status = ?, answer = ?, answered_at = ? WHERE id = ?',
  );
  const some = db.prepare<[{ task: number | null; status: string | null; limit: number }], Row>(
    `${SELECT} WHERE (@task IS NULL OR a.task_id = @task)
       AND (@status IS NULL OR a.status IN (SELECT value FROM json_each(@status))) ORDER BY a.id DESC LIMIT @limit`,
  );
  const open = db.prepare<[], { uid: string; id: number }>(
    `SELECT t.uid, a.id FROM approvals a JOIN tasks t ON t.id = a.task_id WHERE a.status = 'open'`,
  );

  const show = (id: number): Approval => {
    const row = guarded(() => one.get(id));
    if (row) return toApproval(row);
    throw new OspainError('not_found', `Nothing was asked under the number ${id}.`, {
      hint: 'See what waits for an answer (approval/list).',
    });
  };

  /** By the task's id: an end of the task drops it, and no event of its own says so. */
  const waiting = new Map(guarded(() => open.all()).map(({ uid, id }) => [uid, id]));
  queue.listen(({ events, task }) => {
    for (const event of events) {
      const known = waiting.get(task.id);
      if (event.type === 'approval') {
        if (event.data.status === 'asked') waiting.set(task.id, event.data.id);
        else waiting.delete(task.id);
        onChange(show(event.data.id));
      } else if (known !== undefined && (event.type === 'cancelled' || event.type === 'failed')) {
        waiting.delete(task.id);
        onChange(show(known));
      }
    }
  });

  return {
    ask(task, turn, question) {
      const { lastInsertRowid } = insert.run(task.number, turn, JSON.stringify(question), now());
      const approval = show(Number(lastInsertRowid));
      const { id, kind, tool, text } = approval;
      const details = { approval: id, task: task.number, kind, text: hashOfText(text) };
      audit({ type: 'approval.asked', subject: tool, details });
      return approval;
    },
    show,
    list: ({ status, taskId, limit }) =>
      guarded(() => {
        const task = taskId === undefined ? null : queue.get(taskId).number;
        return some.all({ task, status: status ? JSON.stringify(status) : null, limit }).map(toApproval);
      }),
    answer: ({ approvalId, answer, text = '', remember: scope }) =>
      queue.transact(() => {
        const { status, kind, taskId, taskNumber, tool, turn, summary, rules } = show(approvalId);
        if (status !== 'open') throw tooLate(approvalId, status);
        const becomes = answer === 'deny' ? 'denied' : kind === 'question' ? 'answered' : 'allowed';
        if (becomes === 'answered' && text === '')
          throw new OspainError('invalid_params', 'A question is answered with a text.');
        if (scope) {
          if (rules.length === 0) throw cannotRemember('Answers to this are not remembered.');
          if (answer === 'deny' && rules.length > 1)
            throw cannotRemember('A denial of several commands at once is not.');
          const does = answer === 'allow' ? 'allow' : 'deny';
          remember(
            scope,
            queue.get(taskId),
            rules.map((rule) => ({ ...rule, does })),
          );
        }
        settle.run(becomes, text || null, now(), approvalId);
        const details = { approval: approvalId, task: taskNumber, answer: becomes, remembered: scope ?? null };
        audit({ type: 'approval.answered', subject: tool, details });
        const said = text === '' ? {} : { text };
        queue.append(taskId, 'approval', { id: approvalId, turn, status: becomes, summary, ...said });
        queue.unpark(taskId);
        return show(approvalId);
      }),
  };
}

const tooLate = (id: number, status: ApprovalStatus): OspainError =>
  new OspainError(
    'wrong_state',
    status === 'dropped'
      ? `Nobody waits for an answer to ${id}: its task has ended.`
      : `Approval ${id} was ${status} before; an answer is used once.`,
  );

const cannotRemember = (message: string): OspainError =>
  new OspainError('invalid_params', message, { hint: 'Answer without remembering it.' });

function toApproval({ id, task_id, uid, turn, asked, status, answer, asked_at, answered_at }: Row): Approval {
  // Only Questions are ever kept.
  const question = JSON.parse(asked) as Question;
  const task = { taskId: uid, taskNumber: task_id, turn };
  return { id, ...task, ...question, status, answer, askedAt: asked_at, answeredAt: answered_at };
}
