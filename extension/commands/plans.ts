import * as vscode from 'vscode';
import { hasOpenPlan } from '../../protocol/taskList.ts';
import type { AutoAccept } from '../../protocol/tasks.ts';
import { plural, t } from '../../protocol/words.ts';
import { type Command, connected } from './command.ts';
import { pickTask } from './pickTask.ts';

const none = () => t('No task has made a plan that waits to be started.');

export const planCommands: Readonly<Record<string, Command>> = {
  'ospain2.plan.open': connected(async (context, argument) => {
    const task = await pickTask(context, argument, { title: t('Open which plan?'), none: none(), fits: hasOpenPlan });
    if (task !== undefined) await context.plans.open(task);
  }),

  'ospain2.plan.start': connected(async (context, argument) => {
    const { client, plans } = context;
    // The button above the plan's editor hands over its address, which means nothing to other commands.
    const meant = argument instanceof vscode.Uri || argument === undefined ? plans.activeTaskId() : argument;
    const task = await pickTask(context, meant, { title: t('Start which plan?'), none: none(), fits: hasOpenPlan });
    if (task === undefined || !(await plans.save(task.id))) return undefined;
    const { plan } = await client.request('plan/show', { taskId: task.id });
    const autoAccept = said(argument) ?? (await howToStart(plan.parts.length));
    if (autoAccept === undefined) return undefined;
    const started = await client.request('plan/start', { taskId: task.id, autoAccept });
    await plans.refresh(task.id);
    await context.tasksTree.reveal((await client.request('task/show', { taskId: task.id })).task);
    return started;
  }),
};

/** What a key binding or another extension says beforehand. */
function said(argument: unknown): AutoAccept | undefined {
  const { autoAccept } = (argument ?? {}) as { autoAccept?: unknown };
  return typeof autoAccept === 'string' ? (autoAccept as AutoAccept) : undefined;
}

interface Way extends vscode.QuickPickItem {
  autoAccept: AutoAccept;
}

/** Whether its edits are written without asking; undefined when the person steps back. */
async function howToStart(parts: number): Promise<AutoAccept | undefined> {
  const ask: Way = {
    label: t('Review Each Part'),
    detail: t('A part that comes after others starts when you have accepted their edits.'),
    autoAccept: 'none',
  };
  const write: Way = {
    label: t('Write Edits at Once'),
    detail: t('Each part writes its edits to disk when it is done. You can undo every one of them.'),
    autoAccept: 'edits',
  };
  const title = plural('Start {0} task|Start {0} tasks', parts);
  return (await vscode.window.showQuickPick([ask, write], { title }))?.autoAccept;
}
