import type { Approval, ApprovalRule, Remember } from './approvals.ts';
import { t } from './words.ts';

/** One way to answer, as a person chooses it. */
export interface ApprovalChoice {
  readonly label: string;
  /** What comes of it besides. */
  readonly detail?: string;
  readonly answer: 'allow' | 'deny';
  readonly remember?: Remember;
  /** What the person is asked to write, and whether they have to. */
  readonly asks?: { readonly prompt: string; readonly required: boolean };
}

const toQuestion = (): readonly ApprovalChoice[] => [
  { label: t('Answer…'), answer: 'allow', asks: { prompt: t('The task goes on with your answer.'), required: true } },
  { label: t('Do Not Answer'), detail: t('The task goes on without.'), answer: 'deny' },
];

const withReason = (): ApprovalChoice => ({
  label: t('Deny, and Say Why…'),
  detail: t('The model reads it, and may do it in another way.'),
  answer: 'deny',
  asks: { prompt: t('What the model is told.'), required: true },
});

/** What a person may answer, the most careful first. */
export function approvalChoices({ kind, rules }: Pick<Approval, 'kind' | 'rules'>): readonly ApprovalChoice[] {
  if (kind === 'question') return toQuestion();
  const detail = rules.map(ruleText).join('; ');
  const remembered = (label: string, remember: Remember): ApprovalChoice => ({
    ...{ label, detail, remember },
    answer: 'allow',
  });
  return [
    { label: t('Allow Once'), answer: 'allow' },
    { label: t('Deny'), detail: t('The task goes on without.'), answer: 'deny' },
    withReason(),
    // What can hardly be undone is asked about each time.
    ...(rules.length === 0
      ? []
      : [
          remembered(t('Allow for This Task'), 'task'),
          remembered(t('Always Allow in This Workspace'), 'workspace'),
          remembered(t('Always Allow Everywhere'), 'user'),
        ]),
  ];
}

export const ruleText = ({ tool, command, path }: ApprovalRule): string =>
  command ?? (path === undefined ? t('every call of {0}', tool) : t('{0} of {1}', tool, path));
