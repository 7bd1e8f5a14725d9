import path from 'node:path';
import * as vscode from 'vscode';
import type { EditorMethod, EditorParams, EditorResult, EditorSymbol } from '../protocol/editor.ts';

type Answers = { [M in EditorMethod]: (params: EditorParams<M>) => Promise<EditorResult<M>> };

const MOST = 200;
/** Milliseconds that a language gets to look at a file that was not open. */
const FIRST_LOOK = 5000;

/** What the server may ask this window: what its languages know of the folder. */
export const editorAnswers = (folder: vscode.WorkspaceFolder): Answers => ({
  'editor/symbols': async ({ name }) => {
    const word = name.split(/[.:#]+/).at(-1) || name;
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>(
      'vscode.executeWorkspaceSymbolProvider',
      word,
    );
    const symbols = (found ?? []).flatMap((symbol): EditorSymbol[] => {
      const at = relativePath(folder, symbol.location.uri);
      if (at === undefined) return [];
      const own = symbol.name.replace(/\(.*\)$/, '');
      return [
        {
          path: at,
          line: symbol.location.range.start.line + 1,
          kind: (vscode.SymbolKind[symbol.kind] ?? 'symbol').toLowerCase(),
          name: symbol.containerName ? `${symbol.containerName}.${own}` : own,
        },
      ];
    });
    return { symbols: symbols.slice(0, MOST) };
  },
  'editor/diagnostics': async ({ path: at }) => {
    const uri = vscode.Uri.joinPath(folder.uri, at);
    const diagnostics = await diagnosticsOf(uri);
    return {
      diagnostics: diagnostics.slice(0, MOST).map(({ range, severity, message, source }) => ({
        line: range.start.line + 1,
        severity: SEVERITIES[severity],
        message: message.slice(0, 2000),
        source: (source ?? '').slice(0, 64),
      })),
    };
  },
});

const SEVERITIES = {
  [vscode.DiagnosticSeverity.Error]: 'error',
  [vscode.DiagnosticSeverity.Warning]: 'warning',
  [vscode.DiagnosticSeverity.Information]: 'information',
  [vscode.DiagnosticSeverity.Hint]: 'hint',
} as const;

/** Of a file that no language has looked at yet, the first that is said of it. */
async function diagnosticsOf(uri: vscode.Uri): Promise<vscode.Diagnostic[]> {
  const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
  const known = vscode.languages.getDiagnostics(uri);
  if (known.length > 0) return known;
  const said = new Promise<void>((resolve) => {
    const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((one) => one.toString() === uri.toString())) end();
    });
    const timer = setTimeout(() => end(), isOpen ? FIRST_LOOK / 5 : FIRST_LOOK);
    const end = () => {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    };
  });
  await vscode.workspace.openTextDocument(uri);
  await said;
  return vscode.languages.getDiagnostics(uri);
}

/** Undefined for what is not below the folder. */
function relativePath(folder: vscode.WorkspaceFolder, uri: vscode.Uri): string | undefined {
  if (uri.scheme !== folder.uri.scheme) return undefined;
  const at = path.posix.relative(folder.uri.path, uri.path);
  return at === '' || at.startsWith('..') ? undefined : at;
}
