import type { Approval, WrittenRule } from '../protocol/index.ts';
import type { Screen } from './screen.ts';
import { clip, oneLine, span, table } from './text.ts';

/** How a person answers it. */
export const howToAnswer = ({ id, kind }: Approval): string =>
  kind === 'question'
    ? `ospain2 approval answer ${id} "…"`
    : `ospain2 approval allow ${id}, or ospain2 approval deny ${id}`;

/** What waits for an answer, or was answered; newest first as it came. */
export function approvalTable(approvals: readonly Approval[], now: number, { columns }: Screen): string {
  const rows = approvals.map(({ id, taskNumber, status, askedAt, summary }) => [
    String(id),
    `#${taskNumber}`,
    status === 'open' ? 'waits' : status,
    span(now - askedAt),
    oneLine(summary),
  ]);
  const lines = table([['no.', 'task', 'answer', 'age', 'what'], ...rows]);
  return lines.map((line) => clip(line, columns)).join('\n');
}

/** All of one: letter for letter what would be done, and why it is asked. */
export function approvalDetails(approval: Approval, now: number, { paint, safe }: Screen): string {
  const { id, taskNumber, kind, tool, text, reasons, rules, status, answer, askedAt } = approval;
  const asks = kind === 'question' ? 'asks you' : `wants to make a call of ${tool}`;
  const lines = [
    `${paint.bold(`${id}`)}: task ${taskNumber} ${asks}, ${span(now - askedAt)} ago`,
    ...safe(text)
      .split('\n')
      .map((line) => `  ${line}`),
    ...reasons.map((reason) => safe(reason)),
    ...(status === 'open' ? [`Answer: ${howToAnswer(approval)}`] : [`It was ${status}.`]),
    ...(answer === null ? [] : [safe(answer)]),
  ];
  if (status === 'open' && rules.length > 0)
    lines.push(`With --remember task, workspace or user: ${rules.map(ruleText).map(safe).join('; ')}`);
  return lines.join('\n');
}

export function rulesTable(rules: readonly WrittenRule[]): string {
  const places = { task: 'this task', workspace: 'this workspace', user: 'everywhere', folder: 'the folder' };
  const rows = rules.map((rule) => [
    rule.ruleId === null ? '' : String(rule.ruleId),
    rule.source === 'task' ? `task ${rule.taskNumber}` : places[rule.source],
    rule.does,
    oneLine(ruleText(rule)),
  ]);
  return table([['no.', 'where', 'what', 'calls'], ...rows]).join('\n');
}

const ruleText = ({ tool, command, path }: Pick<WrittenRule, 'tool' | 'command' | 'path'>): string =>
  command ?? (path === undefined ? `every call of ${tool}` : `${tool} of ${path}`);
