import type { ApprovalRule, WrittenRule } from '../../../protocol/approvals.ts';
import { t } from '../../words.ts';

/** What a rule is about: `run_command: npm *`. */
export const ruleText = ({ tool, command, path }: ApprovalRule): string =>
  [tool, ...(command === undefined ? [] : [command]), ...(path === undefined ? [] : [path])].join(': ');

/** Two rules of one place that say the same are one. */
export const ruleKey = ({ ruleId, source, taskNumber, tool, command, path, does }: WrittenRule): string =>
  JSON.stringify([ruleId, source, taskNumber, tool, command ?? null, path ?? null, does]);

export function sourceText({ source, taskNumber }: WrittenRule): string {
  switch (source) {
    case 'task':
      return t('for task {0}', taskNumber ?? 0);
    case 'workspace':
      return t('in this folder');
    case 'user':
      return t('in all folders, by you');
    case 'folder':
      return t('by a file in this folder');
  }
}

/** The rule itself, without where it is written down. */
export const bareRule = ({ tool, command, path, does }: ApprovalRule): ApprovalRule => ({
  ...{ tool, does },
  ...(command === undefined ? {} : { command }),
  ...(path === undefined ? {} : { path }),
});
