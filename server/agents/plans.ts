import { OspainError, type ParsedParams, type Plan, type PlanPart, type Task } from '../../protocol/index.ts';
import type { Engine } from '../inference/engine.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Queue } from '../tasks/queue.ts';
import { answerTokens, charactersIn } from './modelTurn.ts';
import { createOverlay } from './overlay.ts';
import { plainRequest, takePath } from './sentence.ts';
import { shown } from './workspacePaths.ts';

/** `ref` is a task's id, or its number in decimal; `not_found` when it has no plan. */
export interface Plans {
  /** Keeps what a task planned, in place of an earlier attempt's; inside the caller's transaction. */
  put(task: Task, parts: readonly PlanPart[]): void;
  show(ref: string): Plan;
  /** Throws `wrong_state` once it was started, `invalid_params` for a part that comes after one that is not above it. */
  edit(ref: string, parts: readonly PlanPart[]): Plan;
  /** Makes the parts tasks; throws `wrong_state` when they are already. */
  start(params: ParsedParams<'plan/start'>): Plan;
}

interface PlansDeps {
  db: Db;
  queue: Pick<Queue, 'get' | 'submit' | 'transact'>;
  engine: Pick<Engine, 'describe'>;
  /** Real path of the workspace. */
  root: string;
  now: () => number;
}

interface Row {
  status: Plan['status'];
  parts: string;
  updated_at: number;
}

export function createPlans({ db, queue, engine, root, now }: PlansDeps): Plans {
  const select = db.prepare<[number], Row>('SELECT status, parts, updated_at FROM plans WHERE task_id = ?');
  const upsert = db.prepare<[number, string, number]>(
    `INSERT INTO plans (task_id, status, parts, updated_at) VALUES (?, 'open', ?, ?)
     ON CONFLICT (task_id) DO UPDATE SET parts = excluded.parts, updated_at = excluded.updated_at`,
  );
  const setStarted = db.prepare<[number, number]>(
    `UPDATE plans SET status = 'started', updated_at = ? WHERE task_id = ?`,
  );

  const show = (ref: string): Plan =>
    guarded(() => {
      const task = queue.get(ref);
      const row = select.get(task.number);
      if (!row) throw new OspainError('not_found', `Task ${shown(ref)} has made no plan.`);
      const parts = JSON.parse(row.parts) as PlanPart[];
      return {
        taskId: task.id,
        goal: task.instruction,
        status: row.status,
        parts,
        warnings: row.status === 'open' ? warningsOf(parts, task.model) : [],
        updatedAt: row.updated_at,
      };
    });

  const open = (ref: string): Plan => {
    const plan = show(ref);
    if (plan.status === 'open') return plan;
    throw new OspainError('wrong_state', 'The plan was started; its parts are tasks now.', {
      hint: 'Change the tasks, or duplicate the plan’s task to plan anew.',
    });
  };

  /** A part names a file that its model could not read whole: it would have to work on pieces of it. */
  const warningsOf = (parts: readonly PlanPart[], model: string): Plan['warnings'] => {
    const info = engine.describe(model);
    const fit = charactersIn(info.contextLength - 2 * answerTokens(info));
    return parts.flatMap(({ instruction }, index) => {
      const path = takePath(plainRequest(instruction))?.path;
      const size = path === undefined ? 0 : sizeOf(root, path);
      if (path === undefined || size <= fit) return [];
      const text = `${shown(path)} has ${size} characters; about ${fit} of it fit the model ${info.name} at once.`;
      return [{ part: index + 1, text }];
    });
  };

  return {
    put: (task, parts) => void upsert.run(task.number, JSON.stringify(parts), now()),
    show,
    edit: (ref, parts) =>
      queue.transact(() => {
        const { taskId } = open(ref);
        assertOrder(parts);
        upsert.run(queue.get(taskId).number, JSON.stringify(parts), now());
        return show(taskId);
      }),
    start: ({ taskId: ref, model, autoAccept }) =>
      queue.transact(() => {
        const { taskId, parts } = open(ref);
        const parent = queue.get(taskId);
        const ids: string[] = [];
        for (const { instruction, after } of parts) {
          const { id } = queue.submit({
            kind: 'agent',
            instruction,
            model: model ?? parent.model,
            autoAccept,
            parentId: taskId,
            priority: parent.priority,
            // Whether it still makes sense without the other is for the person to say.
            dependsOn: after.flatMap((number) => ({ taskId: ids[number - 1] ?? '', onFailure: 'hold' as const })),
          });
          ids.push(id);
        }
        setStarted.run(now(), parent.number);
        return show(taskId);
      }),
  };
}

/** Characters of a file; 0 for what cannot be read, which is for the part's own task to say. */
function sizeOf(root: string, path: string): number {
  const overlay = createOverlay(root);
  try {
    return overlay.read(overlay.find(path))?.length ?? 0;
  } catch {
    return 0;
  }
}

function assertOrder(parts: readonly PlanPart[]): void {
  for (const [index, { after }] of parts.entries()) {
    const wrong = after.find((number) => number > index);
    if (wrong !== undefined)
      throw new OspainError('invalid_params', `Part ${index + 1} comes after ${wrong}, which is no part above it.`);
  }
}
