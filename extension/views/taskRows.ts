import * as vscode from 'vscode';
import type { ShownFile } from '../../protocol/proposalFiles.ts';
import type { ParentId } from '../../protocol/taskList.ts';
import type { Dependency, Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import { fileUri } from '../workspace.ts';
import { clock } from './clock.ts';
import { dependencyLook } from './dependencyItem.ts';
import { taskLook } from './taskItem.ts';
import type { Step } from './taskSteps.ts';
import { applyLook } from './treeItem.ts';

/** A row of the view of tasks. Commands of the row get it as their argument. */
export type TaskRow =
  | { readonly type: 'task'; readonly taskId: string }
  | ({ readonly type: 'file'; readonly taskId: string } & ShownFile)
  | { readonly type: 'step'; readonly taskId: string; readonly step: Step }
  /** A task that another one, the row's parent, waits for. */
  | {
      readonly type: 'dependency';
      readonly taskId: string;
      readonly dependentId: string;
      readonly task: Task;
      readonly onFailure: Dependency['onFailure'];
    }
  | { readonly type: 'more'; readonly parentId: ParentId }
  | { readonly type: 'server'; readonly item: vscode.TreeItem };

export type TaskNode = Extract<TaskRow, { type: 'task' }>;

export function taskItem(row: TaskNode, task: Task | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(row.taskId, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = row.taskId;
  if (task === undefined) return item;
  applyLook(item, taskLook(task, clock));
  item.command = { command: 'ospain2.task.open', title: t('Open'), arguments: [row] };
  return item;
}

const SPOKEN: Record<ShownFile['change'], (path: string) => string> = {
  changed: (path) => t('Changed file {0}', path),
  new: (path) => t('New file {0}', path),
  deleted: (path) => t('Deleted file {0}', path),
  moved: (path) => t('Moved file {0}', path),
};

/** What is to be said when the file is not as the task saw it. */
const FITS: Record<ShownFile['fit'], () => string> = {
  exact: () => '',
  merge: () => t('changed meanwhile'),
  conflict: () => t('conflict: the same lines were changed'),
};

export function fileItem(row: Extract<TaskRow, { type: 'file' }>): vscode.TreeItem {
  const { path, change, from, isLeft, fit } = row;
  const slash = path.lastIndexOf('/');
  const item = new vscode.TreeItem(path.slice(slash + 1));
  const uri = fileUri(path);
  if (uri !== undefined) item.resourceUri = uri;
  item.iconPath = vscode.ThemeIcon.File;
  const word = changeWord(change, from);
  const parts = [path.slice(0, Math.max(0, slash)), word, isLeft ? FITS[fit]() : ''];
  item.description = parts.filter((part) => part !== '').join(' · ');
  item.tooltip = path;
  item.contextValue = isLeft ? 'file.open' : 'file';
  const said = [SPOKEN[change](path), change === 'moved' ? word : '', isLeft ? FITS[fit]() : ''];
  item.accessibilityInformation = {
    label: t('{0}, opens the comparison', said.filter((part) => part !== '').join(', ')),
  };
  item.command = { command: 'ospain2.proposal.review', title: t('Review'), arguments: [row] };
  return item;
}

function changeWord(change: ShownFile['change'], from: string | undefined): string {
  if (change === 'moved') return t('from {0}', from ?? '');
  if (change === 'changed') return '';
  return change === 'new' ? t('new') : t('deleted');
}

export function stepItem({ label, description, icon, spoken }: Step): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.accessibilityInformation = { label: spoken };
  item.contextValue = 'step';
  return item;
}

export function dependencyItem(row: Extract<TaskRow, { type: 'dependency' }>): vscode.TreeItem {
  const look = dependencyLook(row.task, row.onFailure);
  const item = new vscode.TreeItem(look.label);
  applyLook(item, look);
  item.command = { command: 'ospain2.task.open', title: t('Open'), arguments: [row.taskId] };
  return item;
}

export function moreItem(row: Extract<TaskRow, { type: 'more' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(t('Load more…'));
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'ospain2.task.loadMore', title: t('Load more'), arguments: [row] };
  return item;
}
