import type { Approval, ApprovalRule, Remember } from './approvals.ts';

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

const QUESTION: readonly ApprovalChoice[] = [
  { label: 'Answer…', answer: 'allow', asks: { prompt: 'The task goes on with your answer.', required: true } },
  { label: 'Do Not Answer', detail: 'The task goes on without.', answer: 'deny' },
];

const WHY: ApprovalChoice = {
  label: 'Deny, and Say Why…',
  detail: 'The model reads it, and may do it in another way.',
  answer: 'deny',
  asks: { prompt: 'What the model is told.', required: true },
};

/** What a person may answer, the most careful first. */
export function approvalChoices({ kind, rules }: Pick<Approval, 'kind' | 'rules'>): readonly ApprovalChoice[] {
  if (kind === 'question') return QUESTION;
  const detail = rules.map(ruleText).join('; ');
  const remembered = (label: string, remember: Remember): ApprovalChoice => ({
    ...{ label, detail, remember },
    answer: 'allow',
  });
  return [
    { label: 'Allow Once', answer: 'allow' },
    { label: 'Deny', detail: 'The task goes on without.', answer: 'deny' },
    WHY,
    // What can hardly be undone is asked about each time.
    ...(rules.length === 0
      ? []
      : [
          remembered('Allow for This Task', 'task'),
          remembered('Always Allow in This Workspace', 'workspace'),
          remembered('Always Allow Everywhere', 'user'),
        ]),
  ];
}

export const ruleText = ({ tool, command, path }: ApprovalRule): string =>
  command ?? (path === undefined ? `every call of ${tool}` : `${tool} of ${path}`);
