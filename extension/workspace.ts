import * as vscode from 'vscode';
import type { Trust } from '../protocol/server.ts';
import { t } from '../protocol/words.ts';
import { Unready } from './problem.ts';

/** The folder that tasks work in: the window's first one on this machine's disk. */
export const workspaceFolder = (): vscode.WorkspaceFolder | undefined =>
  vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');

/** Whether the person trusts it; in one that they do not, tasks only read. */
export const trust = (): Trust => (vscode.workspace.isTrusted ? 'trusted' : 'untrusted');

/** That folder. Throws Unready when there is none. */
export function requireFolder(): vscode.WorkspaceFolder {
  const folder = workspaceFolder();
  if (folder === undefined)
    throw new Unready('no_folder', t('OSPAiN2 works inside a folder, and none is open.'), t('Open a folder first.'));
  return folder;
}

/** A file of the folder, by its path with `/`. */
export const fileUri = (path: string): vscode.Uri | undefined => {
  const folder = workspaceFolder();
  return folder && vscode.Uri.joinPath(folder.uri, path);
};

/** A file's path inside the folder, with `/`; undefined when it lies outside. */
export function pathInFolder(uri: vscode.Uri): string | undefined {
  const folder = workspaceFolder();
  if (folder === undefined || uri.scheme !== 'file') return undefined;
  const inside = vscode.workspace.getWorkspaceFolder(uri);
  if (inside?.uri.toString() !== folder.uri.toString()) return undefined;
  return vscode.workspace.asRelativePath(uri, false);
}
