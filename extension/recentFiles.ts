import * as vscode from 'vscode';

export interface RecentFiles extends vscode.Disposable {
  /** Texts of the files of the same language that were shown or changed last, the latest first. */
  beside(document: vscode.TextDocument): { path: string; text: string }[];
}

const KEPT = 8;
/** Characters of one file. */
const LONGEST = 50_000;

/** Which of the open files the person works with. */
export function createRecentFiles(): RecentFiles {
  let recent: vscode.TextDocument[] = [];
  const touch = (document: vscode.TextDocument | undefined) => {
    if (document === undefined || document.uri.scheme !== 'file' || recent[0] === document) return;
    recent = [document, ...recent.filter((other) => other !== document)].slice(0, KEPT + 1);
  };
  touch(vscode.window.activeTextEditor?.document);
  const listening = vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor((editor) => touch(editor?.document)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => touch(document)),
    vscode.workspace.onDidCloseTextDocument((closed) => {
      recent = recent.filter((document) => document !== closed);
    }),
  );
  return {
    beside: (document) =>
      recent
        .filter((other) => other !== document && other.languageId === document.languageId)
        .slice(0, KEPT)
        .map((other) => ({
          path: vscode.workspace.asRelativePath(other.uri, false),
          text: other.getText().slice(0, LONGEST),
        })),
    dispose: () => listening.dispose(),
  };
}
