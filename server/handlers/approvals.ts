import type { Approvals } from '../approvals/approvals.ts';
import type { RuleBook } from '../approvals/ruleBook.ts';
import type { Handlers } from '../dispatch.ts';

type ApprovalMethod = Extract<keyof Handlers, `approval/${string}`>;

export function createApprovalHandlers({
  approvals,
  rules,
}: {
  approvals: Approvals;
  rules: RuleBook;
}): Pick<Handlers, ApprovalMethod> {
  return {
    'approval/list': (params) => ({ approvals: approvals.list(params) }),
    'approval/show': ({ approvalId }) => ({ approval: approvals.show(approvalId) }),
    'approval/answer': (params) => ({ approval: approvals.answer(params) }),
    'approval/rules': () => ({ ...rules.list(), userFile: rules.userFile }),
    'approval/addRule': ({ rule, scope }) => {
      rules.add(scope, rule);
      return {};
    },
    'approval/removeRule': ({ rule }) => {
      rules.remove(rule);
      return {};
    },
    'approval/forget': ({ ruleId }) => {
      rules.forget(ruleId);
      return {};
    },
  };
}
