import * as vscode from 'vscode';
import { Unready } from './problem.ts';

/** The folder that tasks work in: the window's first one on this machine's disk. */
export const workspaceFolder = (): vscode.WorkspaceFolder | undefined =>
  vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');

/** That folder. Throws Unready when there is none, or when nobody said yet that its content may be worked with. */
export function requireFolder(): vscode.WorkspaceFolder {
  const folder = workspaceFolder();
  if (folder === undefined)
    throw new Unready('no_folder', 'OSPAiN2 works inside a folder, and none is open.', 'Open a folder first.');
  if (!vscode.workspace.isTrusted)
    throw new Unready('untrusted', 'OSPAiN2 does not work in a folder that you do not trust.', 'Trust it first.');
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
