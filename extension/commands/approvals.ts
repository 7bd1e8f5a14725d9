import * as vscode from 'vscode';
import { type ApprovalChoice, approvalChoices } from '../../protocol/approvalChoices.ts';
import type { Approval } from '../../protocol/approvals.ts';
import { oneLine } from '../../protocol/quantities.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { approvalIdOf } from '../views/approvalDocument.ts';
import { type Command, connected } from './command.ts';
import { taskIdOf } from './taskArgument.ts';

export const approvalCommands: Readonly<Record<string, Command>> = {
  'ospain2.approval.show': connected(async (context, argument) => {
    const approval = await pickApproval(context, argument);
    if (approval !== undefined) await context.approvalDocuments.show(approval);
  }),

  /** Of a question: asks for the answer. The second argument is the answer, for programs. */
  'ospain2.approval.allow': connected((context, argument, text) => answer(context, argument, 'allow', text)),

  'ospain2.approval.deny': connected((context, argument, text) => answer(context, argument, 'deny', text)),

  /** All ways to answer, to choose from. */
  'ospain2.approval.answer': connected(async (context, argument) => {
    const approval = await pickApproval(context, argument);
    if (approval === undefined) return undefined;
    const title = t('Task {0}: {1}', approval.taskNumber, oneLine(approval.summary, 100));
    const placeHolder = oneLine(approval.reasons.join(' '), 200);
    const chosen = await vscode.window.showQuickPick(approvalChoices(approval), { title, placeHolder });
    return chosen && send(context, approval, chosen);
  }),

  'ospain2.approval.editRules': connected(async ({ client }) => {
    const { userFile } = await client.request('approval/rules', {});
    const uri = vscode.Uri.file(userFile);
    const there = await vscode.workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (!there) await vscode.workspace.fs.writeFile(uri, Buffer.from(emptyRules()));
    await vscode.window.showTextDocument(uri);
  }),
};

const emptyRules = () => `{
  // ${t('What tasks may do in every workspace: allow, ask or deny. For example:')}
  // { "tool": "run_command", "command": "npm run *", "does": "allow" }
  "rules": []
}
`;

async function answer(
  context: Connected,
  argument: unknown,
  how: ApprovalChoice['answer'],
  given: unknown,
): Promise<Approval | undefined> {
  const approval = await pickApproval(context, argument);
  if (approval === undefined) return undefined;
  const choice = approvalChoices(approval).find((one) => one.answer === how);
  if (choice === undefined) return undefined;
  return send(context, approval, choice, typeof given === 'string' ? given : undefined);
}

async function send(
  { client }: Connected,
  approval: Approval,
  { answer, remember, asks }: ApprovalChoice,
  given?: string,
): Promise<Approval | undefined> {
  const text = given ?? (asks && (await askText(approval, asks)));
  if (asks !== undefined && text === undefined) return undefined;
  const params = { approvalId: approval.id, answer, ...(text ? { text } : {}), ...(remember ? { remember } : {}) };
  return (await client.request('approval/answer', params)).approval;
}

/** Undefined when the person went away. */
const askText = ({ taskNumber, text, kind }: Approval, { prompt, required }: NonNullable<ApprovalChoice['asks']>) =>
  vscode.window.showInputBox({
    title: kind === 'question' ? t('Task {0}: {1}', taskNumber, oneLine(text, 200)) : t('Task {0}', taskNumber),
    prompt,
    // The person may look something up in the code while they write.
    ignoreFocusOut: true,
    validateInput: (value) =>
      required && value.trim() === '' ? t('Write something, or go away with Escape.') : undefined,
  });

/** What is meant: by the argument, else by the person's choice. Undefined: nothing waits, and the person was told, or they went away. */
async function pickApproval({ client, store }: Connected, argument: unknown): Promise<Approval | undefined> {
  const taskId = taskIdOf(argument);
  const named = approvalIdOf(argument) ?? (taskId === undefined ? undefined : store.get(taskId)?.approval);
  if (typeof named === 'number') return (await client.request('approval/show', { approvalId: named })).approval;
  const { approvals } = await client.request('approval/list', { status: ['open'] });
  const ofTask = approvals.filter((approval) => taskId === undefined || approval.taskId === taskId);
  const [only] = ofTask;
  if (only === undefined) {
    void vscode.window.showInformationMessage(t('No task waits for your answer.'));
    return undefined;
  }
  if (ofTask.length === 1) return only;
  const items = ofTask.map((approval) => ({
    label: t('Task {0}', approval.taskNumber),
    description: oneLine(approval.summary, 100),
    approval,
  }));
  const title = t('Which task do you answer?');
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.approval;
}
