import { ruleText } from '../../protocol/approvalChoices.ts';
import type { Approval } from '../../protocol/approvals.ts';
import { t } from '../../protocol/words.ts';

const SAID: Readonly<Record<Exclude<Approval['status'], 'open'>, () => string>> = {
  allowed: () => t('It was allowed.'),
  denied: () => t('It was denied.'),
  answered: () => t('It was answered.'),
  dropped: () => t('Its task has ended before anybody answered.'),
};

/** Letter for letter what would be done, and why it is asked; `clock` gives times in words. */
export function approvalText(approval: Approval, clock: (at: number) => string): string {
  const { taskNumber, kind, tool, text, reasons, rules, status, answer, askedAt, answeredAt } = approval;
  const head =
    kind === 'question' ? t('Task {0} asks:', taskNumber) : t('Task {0} wants to call {1}:', taskNumber, tool);
  const parts = [head, indented(text), ...(reasons.length === 0 ? [] : [reasons.join('\n')])];
  if (status === 'open') {
    parts.push(t('It waits for your answer since {0}.', clock(askedAt)));
    if (rules.length > 0)
      parts.push(`${t('What can be allowed for longer:')}\n${indented(rules.map(ruleText).join('\n'))}`);
  } else {
    parts.push(`${SAID[status]()}${answeredAt === null ? '' : ` ${clock(answeredAt)}`}`);
    if (answer !== null) parts.push(indented(answer));
  }
  return `${parts.join('\n\n')}\n`;
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');
