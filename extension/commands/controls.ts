import * as vscode from 'vscode';
import { oneLine } from '../../protocol/quantities.ts';
import { canPause, canResume, canRetry, isEnded } from '../../protocol/taskList.ts';
import type { Step, Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { type Command, connected } from './command.ts';
import { changeTasks } from './eachTask.ts';
import { type Choice, pickTask } from './pickTask.ts';

/** What a person does with tasks that are there, one or several at once. */
export const controlCommands: Readonly<Record<string, Command>> = {
  'ospain2.task.cancel': connected((context, ...args) =>
    changeTasks(context, args, open(t('Cancel which tasks?')), (client, taskId) =>
      client.request('task/cancel', { taskId }),
    ),
  ),

  'ospain2.task.retry': connected((context, ...args) =>
    changeTasks(context, args, failed(t('Retry which tasks?')), (client, taskId) => {
      context.notifier.watch(taskId);
      return client.request('task/retry', { taskId });
    }),
  ),

  'ospain2.task.pause': connected((context, ...args) =>
    changeTasks(
      context,
      args,
      { title: t('Pause which tasks?'), none: t('No task is running or waiting.'), fits: canPause },
      (client, taskId) => client.request('task/pause', { taskId }),
    ),
  ),

  'ospain2.task.resume': connected((context, ...args) =>
    changeTasks(
      context,
      args,
      { title: t('Resume which tasks?'), none: t('No task is paused.'), fits: canResume },
      (client, taskId) => client.request('task/resume', { taskId }),
    ),
  ),

  /** The third argument is the priority, for programs. */
  'ospain2.task.prioritize': connected(async (context, argument, selection, given) => {
    const priority = typeof given === 'number' ? given : await askPriority();
    if (priority === undefined) return undefined;
    return changeTasks(context, [argument, selection], open(t('Which tasks?')), (client, taskId) =>
      client.request('task/prioritize', { taskId, priority }),
    );
  }),

  'ospain2.task.duplicate': connected(async (context, ...args) => {
    const choice = { title: t('Duplicate which tasks?'), none: t('There are no tasks yet.'), fits: () => true };
    return changeTasks(context, args, choice, async (client, taskId) => {
      const { task } = await client.request('task/duplicate', { taskId });
      context.notifier.watch(task.id);
      return { task };
    });
  }),

  /** The second argument is the step, for programs. */
  'ospain2.task.retryFrom': connected(async (context, argument, given) => {
    const task = await pickTask(context, argument, failed(t('Retry which task?')));
    if (task === undefined) return undefined;
    const step = typeof given === 'number' ? given : await askStep(context, task);
    if (step === undefined) return undefined;
    context.notifier.watch(task.id);
    const { task: queued } = await context.client.request('task/retry', { taskId: task.id, fromStep: step });
    context.store.put(queued);
    return queued;
  }),
};

const open = (title: string): Choice => ({
  title,
  none: t('No task is running or waiting.'),
  fits: (task) => !isEnded(task),
});

const failed = (title: string): Choice => ({ title, none: t('No task failed or was cancelled.'), fits: canRetry });

async function askPriority(): Promise<number | undefined> {
  const items = [
    { label: t('Now'), description: t('before all others (1000)'), priority: 1000 },
    { label: t('Next'), description: t('before what waits for its turn (100)'), priority: 100 },
    { label: t('Normal'), description: t('in turn (0)'), priority: 0 },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: t('When should it start?') });
  return chosen?.priority;
}

/** Undefined when the person went away. */
async function askStep({ client }: Connected, { id, number }: Task): Promise<number | undefined> {
  const { steps } = await client.request('task/steps', { taskId: id });
  const again = ({ step, summary }: Step) => ({
    label: t('Again from step {0}', step),
    description: oneLine(summary, 80),
    step,
  });
  const items = [
    { label: t('From the beginning'), description: t('as if it had never run'), step: 1 },
    ...steps.slice(1).map(again),
    ...(steps.length === 0
      ? []
      : [
          {
            label: t('Behind its last step'),
            description: t('all {0} are kept', steps.length),
            step: steps.length + 1,
          },
        ]),
  ];
  const title = t('Retry Task {0}: what came before the step is kept', number);
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.step;
}
