import * as vscode from 'vscode';
import type { Connection } from './connection.ts';
import { createRecentFiles } from './recentFiles.ts';
import { inlineCompletionEnabled } from './settings.ts';
import { abortOn } from './signal.ts';
import { workspaceFolder } from './workspace.ts';

/** Characters before and after the cursor that may matter; the server takes what its model has room for. */
const AROUND = 50_000;
/** Whether there was a model that completes when somebody last asked: then typing may start the server. */
const MEMORY = 'completesInline';

/** Suggests what may be typed next. It never waits in the way of a key: an answer that comes late is dropped. */
export function registerInlineCompletion(connection: Connection, memory: vscode.Memento): vscode.Disposable {
  const recent = createRecentFiles();
  const remember = (hasModel: boolean) => {
    if (memory.get<boolean>(MEMORY, false) !== hasModel) void memory.update(MEMORY, hasModel);
  };

  const provide: vscode.InlineCompletionItemProvider['provideInlineCompletionItems'] = async (
    document,
    position,
    { triggerKind, selectedCompletionInfo },
    token,
  ) => {
    const automatic = triggerKind === vscode.InlineCompletionTriggerKind.Automatic;
    // Beside VS Code's own list of suggestions a second one only confuses.
    if (selectedCompletionInfo !== undefined || !inlineCompletionEnabled(document) || !mayAsk()) return [];
    if (automatic && connection.state.name !== 'running' && !memory.get<boolean>(MEMORY, false)) return [];
    const { signal, dispose } = abortOn(token);
    try {
      const client = await connection.connect();
      const [text, at] = [document.getText(), document.offsetAt(position)];
      const { text: suggested, why } = await client.request(
        'completion/inline',
        {
          path: vscode.workspace.asRelativePath(document.uri, false),
          language: document.languageId,
          prefix: text.slice(Math.max(0, at - AROUND), at),
          suffix: text.slice(at, at + AROUND),
          neighbours: recent.beside(document),
          automatic,
        },
        { signal },
      );
      if (why === undefined || why === 'noModel') remember(suggested !== null);
      if (suggested === null || token.isCancellationRequested) return [];
      return [new vscode.InlineCompletionItem(suggested, new vscode.Range(position, position))];
    } catch {
      // Whoever types is not told; a server that cannot work says so in its own places.
      return [];
    } finally {
      dispose();
    }
  };

  return vscode.Disposable.from(
    recent,
    connection.on('model/didChange', ({ model }) => {
      if (model.state === 'ready' && model.profile !== 'tiny') remember(true);
    }),
    vscode.languages.registerInlineCompletionItemProvider(
      { scheme: 'file' },
      { provideInlineCompletionItems: provide },
    ),
  );
}

const mayAsk = () => workspaceFolder() !== undefined && vscode.workspace.isTrusted;
