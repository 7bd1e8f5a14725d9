import * as vscode from 'vscode';
import { actionKinds } from '../protocol/actionKinds.ts';
import type { Action, Problem } from '../protocol/actions.ts';
import type { Connection } from './connection.ts';
import { codeLens } from './settings.ts';
import { abortOn } from './signal.ts';
import { pathInFolder } from './workspace.ts';

/** What the command `ospain2.action.run` takes. The text is the document's when it runs. */
export interface ActionOrder {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
  readonly action: Action;
  /** The one that it would fix. */
  readonly problems: Problem[];
}

/** Characters of a document; the server refuses more. */
const LONGEST = 1_000_000;

/** The lightbulb, and lenses where the person wants them. What is offered is the server's business. */
export function registerCodeActions(connection: Connection): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const actions: vscode.CodeActionProvider = {
    async provideCodeActions(document, range, { diagnostics, triggerKind, only }, token) {
      const automatic = triggerKind === vscode.CodeActionTriggerKind.Automatic;
      const open = openText(document);
      // Nobody asked: no server is started for that.
      if (open === undefined || (automatic && connection.state.name !== 'running')) return [];
      const problems = diagnostics.map(problemOf);
      const { signal, dispose } = abortOn(token);
      try {
        const client = await connection.connect();
        const params = { ...open, range: plain(range), problems, automatic };
        const { actions } = await client.request('action/list', params, { signal });
        const offered = actions.map((action) => codeActionOf(document, range, action, diagnostics, problems));
        return offered.filter(({ kind }) => only === undefined || (kind && only.contains(kind)));
      } catch {
        // A server that cannot work says so in its own places.
        return [];
      } finally {
        dispose();
      }
    },
  };
  const lenses: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      const open = openText(document);
      if (open === undefined || !codeLens(document) || connection.state.name !== 'running') return [];
      const { signal, dispose } = abortOn(token);
      try {
        const client = await connection.connect();
        const { lenses } = await client.request('action/lenses', open, { signal });
        return lenses.flatMap(({ range, actions }) =>
          actions.map((action) => lensOf(document, rangeOf(range), action)),
        );
      } catch {
        return [];
      } finally {
        dispose();
      }
    },
  };
  const files = { scheme: 'file' };
  const kinds = Object.values(actionKinds).map((kind) => vscode.CodeActionKind.Empty.append(kind));
  return vscode.Disposable.from(
    changed,
    connection.onDidChangeState(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('ospain2.codeLens')) changed.fire();
    }),
    vscode.languages.registerCodeActionsProvider(files, actions, { providedCodeActionKinds: kinds }),
    vscode.languages.registerCodeLensProvider(files, lenses),
  );
}

/** A document as the server wants it; undefined for one that is none of the folder's, or nobody trusts. */
export function openText(document: vscode.TextDocument) {
  const path = vscode.workspace.isTrusted ? pathInFolder(document.uri) : undefined;
  const text = document.getText();
  return path === undefined || text.length > LONGEST ? undefined : { path, language: document.languageId, text };
}

function codeActionOf(
  { uri }: vscode.TextDocument,
  range: vscode.Range,
  action: Action,
  diagnostics: readonly vscode.Diagnostic[],
  problems: readonly Problem[],
): vscode.CodeAction {
  const made = new vscode.CodeAction(
    `OSPAiN2: ${action.title}`,
    vscode.CodeActionKind.Empty.append(actionKinds[action.name]),
  );
  if (action.disabled !== null) made.disabled = { reason: action.disabled };
  const index = action.problem ?? -1;
  const [diagnostic, problem] = [diagnostics[index], problems[index]];
  if (diagnostic !== undefined) made.diagnostics = [diagnostic];
  made.isPreferred = action.sure;
  const order: ActionOrder = { uri, range, action, problems: problem === undefined ? [] : [problem] };
  made.command = { title: made.title, command: 'ospain2.action.run', arguments: [order] };
  return made;
}

function lensOf({ uri }: vscode.TextDocument, range: vscode.Range, action: Action): vscode.CodeLens {
  const order: ActionOrder = { uri, range, action, problems: [] };
  return new vscode.CodeLens(range, { title: action.title, command: 'ospain2.action.run', arguments: [order] });
}

function problemOf({ range, message, code, source }: vscode.Diagnostic): Problem {
  const said = typeof code === 'object' ? code.value : code;
  return {
    range: plain(range),
    message,
    ...(said !== undefined && { code: String(said) }),
    ...(source !== undefined && { source }),
  };
}

/** A range as the protocol has it. */
export const plain = ({ start, end }: vscode.Range) => ({
  start: { line: start.line, character: start.character },
  end: { line: end.line, character: end.character },
});

export const rangeOf = ({ start, end }: Action['range']): vscode.Range =>
  new vscode.Range(start.line, start.character, end.line, end.character);
