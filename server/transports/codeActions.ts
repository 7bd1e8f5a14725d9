import { randomUUID } from 'node:crypto';
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionTriggerKind,
  type CodeLens,
  type Command,
  type Connection,
  type Diagnostic,
  ErrorCodes,
  LSPErrorCodes,
  type Range,
  ResponseError,
} from 'vscode-languageserver/node';
import { z } from 'zod';
import { type Action, ActionName, actionKinds, Problem, type Result, TextRange } from '../../protocol/index.ts';
import { createActionResults } from './actionResults.ts';
import { errorText, followTask, showRun } from './actionRun.ts';
import type { EditorFiles } from './editorFiles.ts';
import type { Served } from './served.ts';
import { signalOf } from './signal.ts';

/** The command that every action runs; its one argument is an `Order`. */
const COMMAND = 'ospain2.action';

/** What the server tells editors that it can do. VS Code asks the methods of `action/` itself. */
export const codeActionCapabilities = (settings: unknown) => ({
  codeActionProvider: { codeActionKinds: [...Object.values(actionKinds)] },
  executeCommandProvider: { commands: [COMMAND] },
  hoverProvider: true,
  ...(isObject(settings) && settings['codeLens'] === true && { codeLensProvider: {} }),
});

/** An action in words that come back: the text is taken from what the editor has open then. */
const Order = z.object({
  uri: z.string(),
  name: ActionName,
  title: z.string(),
  range: TextRange,
  problems: z.array(Problem).max(1).default([]),
  /** The answer to the action's question; editors that cannot ask find it in a comment `ospain2: …`. */
  said: z.string().optional(),
});
type Order = z.input<typeof Order>;

interface CodeActionDeps {
  files: EditorFiles;
  served(): Promise<Served | null>;
  /** What the editor said of itself. */
  editor(): ClientCapabilities;
}

/**
 * Actions for every editor that speaks LSP 3.17: `textDocument/codeAction`, and lenses where its settings ask for them. Each is a command,
 * which submits a task and answers; the rest is told: progress, messages with the proposal, and what was explained as hover.
 */
export function serveCodeActions(connection: Connection, { files, served, editor }: CodeActionDeps): void {
  const results = createActionResults();
  /** A document as the methods of `action/` want it; undefined for what is no file that is open. */
  const openText = (uri: string) => {
    const document = files.get(uri);
    const path = files.pathOf(uri);
    return document && path ? { path, language: document.languageId, text: document.getText() } : undefined;
  };

  connection.onCodeAction(async ({ textDocument: { uri }, range, context }, token) => {
    const [open, server] = [openText(uri), await served()];
    if (open === undefined || server === null) return [];
    const problems = context.diagnostics.map(problemOf);
    const automatic = context.triggerKind === CodeActionTriggerKind.Automatic;
    const outcome = await server.dispatch(
      'action/list',
      { ...open, range, problems, automatic },
      { signal: signalOf(token) },
    );
    // Nothing to offer, also where something failed: nobody asked for anything yet.
    if (!outcome.ok) return [];
    const { actions } = outcome.result as Result<'action/list'>;
    const { codeAction } = editor().textDocument ?? {};
    const wanted = actions
      .map(withoutQuestion)
      .filter(({ disabled }) => disabled === null || codeAction?.disabledSupport === true)
      .filter(({ name }) => isWanted(actionKinds[name], context.only));
    return wanted.map((action): CodeAction | Command => {
      const problem = action.problem === null ? undefined : context.diagnostics[action.problem];
      const command = commandOf(uri, action, range, problem);
      return codeAction?.codeActionLiteralSupport ? codeActionOf(action, command, problem) : command;
    });
  });

  connection.onCodeLens(async ({ textDocument: { uri } }, token) => {
    const [open, server] = [openText(uri), await served()];
    if (open === undefined || server === null) return [];
    const outcome = await server.dispatch('action/lenses', open, { signal: signalOf(token) });
    if (!outcome.ok) return [];
    const { lenses } = outcome.result as Result<'action/lenses'>;
    return lenses.flatMap(({ range, actions }) =>
      actions
        .map(withoutQuestion)
        .filter(({ disabled }) => disabled === null)
        .map((action): CodeLens => ({ range, command: commandOf(uri, action, range) })),
    );
  });

  connection.onExecuteCommand(async ({ command, arguments: given = [] }) => {
    const order = Order.safeParse(given[0]);
    if (command !== COMMAND || !order.success)
      throw new ResponseError(
        ErrorCodes.InvalidParams,
        `The command ${JSON.stringify(command.slice(0, 64))} was not understood.`,
      );
    const { uri, title, name, range, problems, said } = order.data;
    const [open, server, document] = [openText(uri), await served(), files.get(uri)];
    if (open === undefined || document === undefined)
      throw new ResponseError(ErrorCodes.InvalidParams, 'The file is not open.');
    if (server === null) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'The server does not run.');
    const id = randomUUID();
    const followed = followTask(server, id);
    const problem = problems.length > 0 ? 0 : null;
    const outcome = await server.dispatch('action/run', {
      ...open,
      id,
      name,
      range,
      problems,
      problem,
      ...(said && { said }),
    });
    if (!outcome.ok) {
      followed.stop();
      throw new ResponseError(LSPErrorCodes.RequestFailed, errorText(outcome.error), outcome.error);
    }
    const { task } = outcome.result as Result<'action/run'>;
    const showsProgress = editor().window?.workDoneProgress === true;
    const run = { connection, served: server, files, results, showsProgress };
    // An editor that went away is shown nothing.
    showRun(run, { title, document, range }, followed, task).catch(() => {});
    return { taskId: task.id, number: task.number };
  });

  connection.onHover(({ textDocument: { uri }, position }) => {
    const document = files.get(uri);
    return document === undefined ? null : results.at(document, position);
  });
}

/** LSP has no question: where the person has not written the answer as a comment, the action says how. */
function withoutQuestion(action: Action): Action {
  if (action.question === null) return action;
  const how = `Write it as a comment on this line, such as «// ospain2: …», and ask again. ${action.question}`;
  return { ...action, disabled: action.disabled ?? how };
}

const problemOf = ({ range, message, code, source }: Diagnostic): Problem => ({
  range,
  message: typeof message === 'string' ? message : message.value,
  ...(code !== undefined && { code: String(code) }),
  ...(source !== undefined && { source }),
});

function commandOf(uri: string, { name, title, range: about }: Action, range: Range, problem?: Diagnostic): Command {
  const problems = problem ? [problemOf(problem)] : [];
  // A hover on all that was explained, not only where the cursor was.
  const order: Order = { uri, name, title, range: name === 'explain' ? about : range, problems };
  return { title: `OSPAiN2: ${title}`, command: COMMAND, arguments: [order] };
}

function codeActionOf({ name, sure, disabled }: Action, command: Command, problem?: Diagnostic): CodeAction {
  const common = { title: command.title, kind: actionKinds[name], ...(problem && { diagnostics: [problem] }) };
  if (disabled !== null) return { ...common, disabled: { reason: disabled } };
  return { ...common, command, ...(sure && { isPreferred: true }) };
}

/** Kinds are a tree: `refactor` asks for `refactor.rewrite` too. */
const isWanted = (kind: string, only: readonly string[] | undefined): boolean =>
  only === undefined || only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
