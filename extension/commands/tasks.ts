import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ParentId } from '../../protocol/taskList.ts';
import type { Task, TaskContext } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { Unready } from '../problem.ts';
import { autoAccept, saveBeforeTask } from '../settings.ts';
import { pathInFolder, requireFolder } from '../workspace.ts';
import { type Command, connected } from './command.ts';
import { askTask } from './newTask.ts';
import { pickTask } from './pickTask.ts';
import { type Submission, submissionOf } from './submission.ts';

export const taskCommands: Readonly<Record<string, Command>> = {
  'ospain2.task.new': (context) => async (argument) => {
    requireFolder();
    const submission = submissionOf(argument) ?? (await askTask({ what: t('New Task') }));
    return submission && connected(submit)(context)(submission);
  },

  'ospain2.task.newFromSelection': (context) => async () => {
    requireFolder();
    const about = selectionContext();
    const input = await askTask({ what: t('New Task'), context: about });
    return input && connected(submit)(context)({ ...input, context: about });
  },

  'ospain2.task.open': connected(async (context, argument) => {
    const choice = { title: t('Open which task?'), none: t('There are no tasks yet.'), fits: () => true };
    const task = await pickTask(context, argument, choice);
    if (task !== undefined) await context.taskDocuments.show(task);
  }),

  'ospain2.task.loadMore': connected((context, row) => context.store.loadMore(parentOf(row))),
};

async function submit(context: Connected, given: unknown): Promise<Task> {
  if (saveBeforeTask()) await saveFiles();
  // The id is ours, so that the end of the task is noticed however fast it comes.
  const id = randomUUID();
  context.notifier.watch(id);
  const submission = { autoAccept: autoAccept(), ...(given as Submission), id };
  const { task } = await context.client.request('task/submit', submission);
  context.store.put(task);
  // The task is given, shown or not.
  await context.tasksTree.reveal(task).catch((error: unknown) => context.log.warn('Showing the new task', error));
  return task;
}

/** The task whose parts a row stands for. */
function parentOf(row: unknown): ParentId {
  const parentId = typeof row === 'object' && row !== null && 'parentId' in row ? row.parentId : null;
  return typeof parentId === 'string' ? parentId : null;
}

/** A task reads files on disk: what is on the screen and not saved would be missing. */
async function saveFiles(): Promise<void> {
  const unsaved = vscode.workspace.textDocuments.filter(
    ({ isDirty, uri }) => isDirty && pathInFolder(uri) !== undefined,
  );
  for (const document of unsaved) await document.save();
}

function selectionContext(): TaskContext {
  const editor = vscode.window.activeTextEditor;
  const path = editor && pathInFolder(editor.document.uri);
  if (editor === undefined || path === undefined || editor.selection.isEmpty)
    throw new Unready(
      'no_selection',
      t('There is no selection to give a task.'),
      t("Select text in one of the folder's files."),
    );
  return { path, text: editor.document.getText(editor.selection) };
}
