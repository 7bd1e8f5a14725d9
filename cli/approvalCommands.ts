import { type Approval, OspainError, type Params, type Remember } from '../protocol/index.ts';
import { approvalDetails, approvalTable, rulesTable } from './approvalText.ts';
import type { Context } from './taskCommands.ts';
import { oneLine } from './text.ts';

export async function listApprovals({ link, screen }: Context, { all }: { all?: boolean }): Promise<number> {
  const { client } = await link.open();
  const { approvals } = await client.request('approval/list', all === true ? {} : { status: ['open'] });
  for (const approval of approvals) screen.data({ approval });
  if (approvals.length === 0) screen.print(all === true ? 'Nothing was ever asked.' : 'Nothing waits for an answer.');
  else screen.print(approvalTable(approvals, Date.now(), screen));
  return 0;
}

export async function showApproval({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { approval } = await client.request('approval/show', { approvalId: numberOf(ref) });
  screen.data({ approval });
  screen.print(approvalDetails(approval, Date.now(), screen));
  return 0;
}

export interface AnswerOptions {
  remember?: Remember;
  because?: string;
}

export const allow = (context: Context, ref: string, { remember }: AnswerOptions): Promise<number> =>
  answer(context, { approvalId: numberOf(ref), answer: 'allow', ...(remember ? { remember } : {}) });

export const deny = (context: Context, ref: string, { remember, because }: AnswerOptions): Promise<number> =>
  answer(context, {
    ...{ approvalId: numberOf(ref), answer: 'deny' },
    ...(remember ? { remember } : {}),
    ...(because === undefined ? {} : { text: because }),
  });

export const reply = (context: Context, ref: string, text: string): Promise<number> =>
  answer(context, { approvalId: numberOf(ref), answer: 'allow', text });

async function answer({ link, screen }: Context, params: Params<'approval/answer'>): Promise<number> {
  const { client, attached } = await link.open();
  const { approval } = await client.request('approval/answer', params);
  screen.data({ approval });
  const later = attached ? '' : ' No server of this workspace is running: it starts with the next one.';
  screen.print(`${said(approval)} Task ${approval.taskNumber} goes on.${later}`);
  return 0;
}

const said = ({ status, summary }: Approval): string =>
  status === 'answered' ? 'Answered.' : `${status === 'allowed' ? 'Allowed' : 'Denied'}: ${oneLine(summary)}.`;

export async function listRules({ link, screen }: Context): Promise<number> {
  const { rules, problems, userFile } = await (await link.open()).client.request('approval/rules', {});
  for (const rule of rules) screen.data({ rule });
  for (const problem of problems) screen.warn(problem);
  screen.print(rules.length === 0 ? 'No rules: each call that acts is asked about.' : rulesTable(rules));
  screen.note(`Your own for all workspaces are in ${userFile}`);
  return 0;
}

export async function forgetRule({ link, screen }: Context, ref: string): Promise<number> {
  await (await link.open()).client.request('approval/forget', { ruleId: numberOf(ref) });
  screen.print(`Rule ${ref} is forgotten.`);
  return 0;
}

function numberOf(ref: string): number {
  if (/^\d{1,15}$/.test(ref)) return Number(ref);
  throw new OspainError('invalid_params', `${JSON.stringify(ref)} is no number.`, {
    hint: 'See the numbers: ospain2 approval list.',
  });
}
