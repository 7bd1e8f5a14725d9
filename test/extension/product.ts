/** What the specs share: the product as installed in the VS Code that runs them, and its open folder. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../extension/extension.ts';
import type { Client } from '../../protocol/client.ts';
import type { Task } from '../../protocol/tasks.ts';

export function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>('ospain2.ospain2');
  assert.ok(found, 'the product is not installed');
  return found;
}

export const api = async (): Promise<Api> => extension().activate();

/** Writes a file of the open folder and returns its absolute path. */
export async function writeInFolder(name: string, text: string): Promise<string> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  const file = path.join(folder.uri.fsPath, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

/** Resolves with the first thing that `look` finds: now, or when `subscribe` says that something changed. */
export function when<T>(
  subscribe: (listener: () => void) => { dispose(): void },
  look: () => T | undefined,
): Promise<T> {
  return new Promise((resolve) => {
    const listening = subscribe(() => check());
    const check = () => {
      const found = look();
      if (found === undefined) return;
      listening.dispose();
      resolve(found);
    };
    check();
  });
}

/** The task once it is so. */
export async function reached(client: Client, taskId: string, holds: (task: Task) => boolean): Promise<Task> {
  let stop = () => {};
  const change = new Promise<Task>((resolve) => {
    stop = client.on('task/didChange', ({ task }) => {
      if (task.id === taskId && holds(task)) resolve(task);
    });
  });
  try {
    const { task } = await client.request('task/show', { taskId });
    return holds(task) ? task : await change;
  } finally {
    stop();
  }
}

export const ended = (client: Client, taskId: string): Promise<Task> => reached(client, taskId, isEnded);

const isEnded = ({ status }: Task): boolean => status === 'done' || status === 'failed' || status === 'cancelled';

/** Gives a task through the command, as a keyboard would, and waits for its end. */
export async function runTask(instruction: string): Promise<Task> {
  const given = await vscode.commands.executeCommand<Task | undefined>('ospain2.task.new', { instruction });
  assert.ok(given, 'the command gave no task');
  return ended(await (await api()).connect(), given.id);
}

/** Serves the product with this model file, or with the one that it ships with. */
export async function useModel(file: string | undefined): Promise<void> {
  const models = file === undefined ? undefined : [file];
  await vscode.workspace.getConfiguration('ospain2').update('models', models, vscode.ConfigurationTarget.Global);
  await vscode.commands.executeCommand('ospain2.server.restart');
}

export const activeTab = (): vscode.Tab | undefined => vscode.window.tabGroups.activeTabGroup.activeTab;

export const closeEditors = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.closeAllEditors');
