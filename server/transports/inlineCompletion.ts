import {
  type CancellationToken,
  type Connection,
  InlineCompletionTriggerKind,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Result } from '../../protocol/index.ts';
import type { EditorFiles } from './editorFiles.ts';
import type { Served } from './served.ts';
import { signalOf } from './signal.ts';

/** What the server tells editors that it can do. VS Code asks `completion/inline` itself and keeps its documents to itself. */
export const inlineCompletionCapabilities = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  inlineCompletionProvider: true,
} as const;

/** Characters before and after the cursor, and of other files, that may matter. */
const AROUND = 50_000;
const NEIGHBOURS = 8;

interface InlineCompletionDeps {
  files: EditorFiles;
  served(): Promise<Served | null>;
}

/**
 * `textDocument/inlineCompletion` of LSP 3.18, for every editor that has it. The context is what the editor has open.
 * Nothing to show is an empty answer, also when something failed: whoever types must not be told.
 */
export function serveInlineCompletion(connection: Connection, { files, served }: InlineCompletionDeps): void {
  connection.languages.inlineCompletion.on(async ({ textDocument, position, context }, token: CancellationToken) => {
    const document = files.get(textDocument.uri);
    const server = await served();
    if (document === undefined || server === null) return [];
    const [whole, at] = [document.getText(), document.offsetAt(position)];
    const outcome = await server.dispatch(
      'completion/inline',
      {
        path: document.uri,
        language: document.languageId,
        prefix: whole.slice(Math.max(0, at - AROUND), at),
        suffix: whole.slice(at, at + AROUND),
        neighbours: others(files, document),
        automatic: context.triggerKind === InlineCompletionTriggerKind.Automatic,
      },
      { signal: signalOf(token) },
    );
    if (!outcome.ok) return [];
    const { text } = outcome.result as Result<'completion/inline'>;
    return text === null ? [] : [{ insertText: text, range: { start: position, end: position } }];
  });
}

const others = (files: EditorFiles, document: TextDocument) =>
  files
    .all()
    .filter(({ uri, languageId }) => uri !== document.uri && languageId === document.languageId)
    .slice(-NEIGHBOURS)
    .toReversed()
    .map((other) => ({ path: other.uri, text: other.getText().slice(0, AROUND) }));
