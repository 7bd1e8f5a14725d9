import { join } from 'node:path';
import {
  type ApprovalRule,
  OspainError,
  type Remember,
  type Task,
  type Trust,
  type WrittenRule,
} from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import { transact } from '../storage/transaction.ts';
import { addToRuleFile, readRuleFile, removeFromRuleFile, ruleKey } from './ruleFile.ts';
import type { SourcedRule } from './rules.ts';

/** All rules that are written down, wherever. */
export interface RuleBook {
  /** What holds for a task. `problems`: files of rules that cannot be read, each a sentence. */
  of(task: Pick<Task, 'number'>): { rules: SourcedRule[]; problems: string[] };
  /** Writes rules down; those of the database inside the caller's transaction. */
  remember(scope: Remember, task: Pick<Task, 'number'>, rules: readonly ApprovalRule[]): void;
  list(): { rules: WrittenRule[]; problems: string[] };
  /** Writes one down that no task asked for. */
  add(scope: 'workspace' | 'user', rule: ApprovalRule): void;
  /** Takes back what was remembered for a task or the workspace; `not_found` for an unknown number. */
  forget(ruleId: number): void;
  /** Takes a rule out of the user's file; `not_found` where it is not in it. */
  remove(rule: ApprovalRule): void;
  /** The user's rules for all workspaces, to be edited by hand. */
  readonly userFile: string;
}

interface RuleBookDeps {
  db: Db;
  now: () => number;
  userFile: string;
  /** Absolute path of the workspace. */
  root: string;
  trust(): Trust;
  audit: RecordAudit;
}

interface Row {
  id: number;
  task_id: number | null;
  rule: string;
}

export function createRuleBook({ db, now, userFile, root, trust, audit }: RuleBookDeps): RuleBook {
  const folderFile = join(root, '.ospain2', 'approvals.json');
  const all = db.prepare<[], Row>('SELECT id, task_id, rule FROM approval_rules ORDER BY id');
  const ofTask = db.prepare<[number], Row>(
    'SELECT id, task_id, rule FROM approval_rules WHERE task_id IS NULL OR task_id = ? ORDER BY id',
  );
  const insert = db.prepare<[task: number | null, rule: string, at: number]>(
    'INSERT INTO approval_rules (task_id, rule, created_at) VALUES (?, ?, ?)',
  );
  const drop = db.prepare<[number], Row>('DELETE FROM approval_rules WHERE id = ? RETURNING id, task_id, rule');

  const kept = ({ id, task_id: taskNumber, rule }: Row): WrittenRule => ({
    // Only ApprovalRules are ever kept.
    ...(JSON.parse(rule) as ApprovalRule),
    ruleId: id,
    source: taskNumber === null ? 'workspace' : 'task',
    taskNumber,
  });

  const fromFiles = (): { rules: WrittenRule[]; problems: string[] } => {
    const problems: string[] = [];
    const read = (file: string, source: 'user' | 'folder'): WrittenRule[] => {
      try {
        return readRuleFile(file).map((rule) => ({ ...rule, source, ruleId: null, taskNumber: null }));
      } catch (thrown) {
        problems.push(OspainError.from(thrown).message);
        return [];
      }
    };
    // Whoever wrote the folder may hold its tasks back; only the person lets them do more.
    const folder = trust() === 'untrusted' ? [] : read(folderFile, 'folder').filter(({ does }) => does !== 'allow');
    return { rules: [...read(userFile, 'user'), ...folder], problems };
  };

  /** Those of a task, or of the workspace. */
  const write = (taskNumber: number | null, known: readonly WrittenRule[], rules: readonly ApprovalRule[]) => {
    const keys = new Set(known.map(ruleKey));
    for (const { tool, command, path, does } of rules) {
      const rule = { tool, command, path, does };
      if (keys.has(ruleKey(rule))) continue;
      keys.add(ruleKey(rule));
      insert.run(taskNumber, JSON.stringify(rule), now());
      audit({ type: 'rule.added', ...ruleEntry(rule, taskNumber === null ? 'workspace' : `task ${taskNumber}`) });
    }
  };

  /** Written down first: nothing is allowed that nobody could find later. */
  const addToUserFile = (rules: readonly ApprovalRule[]): void => {
    for (const rule of rules) audit({ type: 'rule.added', ...ruleEntry(rule, 'user') });
    addToRuleFile(userFile, rules);
  };

  return {
    userFile,
    of({ number }) {
      const { rules, problems } = fromFiles();
      return { rules: [...guarded(() => ofTask.all(number)).map(kept), ...rules], problems };
    },
    remember(scope, { number }, rules) {
      if (scope === 'user') return addToUserFile(rules);
      const known = ofTask
        .all(number)
        .map(kept)
        .filter(({ source }) => source === scope);
      write(scope === 'task' ? number : null, known, rules);
    },
    add(scope, rule) {
      if (scope === 'user') return addToUserFile([rule]);
      guarded(() =>
        db
          .transaction(() => {
            const known = all.all().filter((row) => row.task_id === null);
            write(null, known.map(kept), [rule]);
          })
          .immediate(),
      );
    },
    list() {
      const { rules, problems } = fromFiles();
      return { rules: [...guarded(() => all.all()).map(kept), ...rules], problems };
    },
    forget(ruleId) {
      const wasThere = transact(db, () => {
        const row = drop.get(ruleId);
        if (row === undefined) return false;
        const { source, taskNumber, ...rule } = kept(row);
        audit({ type: 'rule.removed', ...ruleEntry(rule, source === 'task' ? `task ${taskNumber}` : source) });
        return true;
      });
      if (wasThere) return;
      throw new OspainError('not_found', `No rule is remembered under the number ${ruleId}.`, {
        hint: 'See which there are (approval/rules).',
      });
    },
    remove(rule) {
      removeFromRuleFile(userFile, rule);
      audit({ type: 'rule.removed', ...ruleEntry(rule, 'user') });
    },
  };
}

/** What the audit log says of a rule, and of where it is written down. */
const ruleEntry = ({ tool, command, path, does }: ApprovalRule, scope: string) => ({
  subject: command ?? (path === undefined ? tool : `${tool} ${path}`),
  details: { tool, does, scope },
});
