import { fileURLToPath } from 'node:url';
import {
  type CancellationToken,
  type ClientCapabilities,
  type Connection,
  ErrorCodes,
  type InitializeParams,
  ResponseError,
} from 'vscode-languageserver/node';
import { type Editor, errorCodes, OspainError, type WireError } from '../../protocol/index.ts';
import { codeActionCapabilities, serveCodeActions } from './codeActions.ts';
import { listenToFiles } from './editorFiles.ts';
import { editorAt } from './editorQuestions.ts';
import { inlineCompletionCapabilities, serveInlineCompletion } from './inlineCompletion.ts';
import type { Served } from './served.ts';
import { signalOf } from './signal.ts';

/** What `start` makes: the core, and the end of everything that came with it. */
export interface Started extends Served {
  dispose(): Promise<void>;
}

export interface LspOptions {
  /** Both come from `openEditorLink`. */
  connection: Connection;
  /** Calls back when the editor went away without a word; then everything ends. */
  onGone: (listener: () => void) => void;
  /** Opens the core of a workspace; `settings` are the client's `initializationOptions`. Must not reject. */
  start(options: { workspace: string; settings: unknown; editor: Editor }): Promise<Started>;
  exit?: (code: number) => void;
}

/** Milliseconds that the core gets to end once nobody waits for it any more. */
const GRACE = 5000;

/**
 * Serves the core to an editor: the life cycle of LSP 3.17, and every method of the protocol as a request of that name.
 * Methods may be asked between `initialize` and `shutdown`; errors carry the WireError as `data`.
 */
export function serveLsp({ connection, onGone, start, exit = process.exit }: LspOptions): void {
  let phase: 'new' | 'starting' | 'open' | 'shut' = 'new';
  let core: Promise<Started> | null = null;
  let stop = () => {};
  let [folder, editor] = ['', {} as ClientCapabilities];

  const end = async () => {
    phase = 'shut';
    stop();
    const ending = core;
    core = null;
    await (await ending)?.dispose();
  };

  connection.onInitialize(async (params) => {
    if (phase !== 'new') throw refuse(ErrorCodes.InvalidRequest, AGAIN);
    try {
      const workspace = workspaceOf(params);
      phase = 'starting';
      [folder, editor] = [workspace, params.capabilities];
      core = start({
        workspace,
        settings: params.initializationOptions,
        editor: editorAt(connection, params.capabilities),
      });
      await core;
    } catch (thrown) {
      phase = 'new';
      core = null;
      throw answer(OspainError.from(thrown).toWire());
    }
    // A shutdown may have come meanwhile.
    if (phase === 'starting') phase = 'open';
    return {
      capabilities: { ...inlineCompletionCapabilities, ...codeActionCapabilities(params.initializationOptions) },
    };
  });
  connection.onInitialized(async () => {
    const served = await core;
    stop();
    stop =
      served?.onNotification(({ method, params }) => {
        // A wire that just broke is noticed by `onGone`.
        connection.sendNotification(method, params).catch(() => {});
      }) ?? stop;
  });
  connection.onRequest(async (method: string, params: unknown, token: CancellationToken) => {
    if (phase === 'shut') return refuse(ErrorCodes.InvalidRequest, SHUT);
    const served = phase === 'open' ? await core : null;
    if (served === null) return refuse(ErrorCodes.ServerNotInitialized, EARLY);
    const outcome = await served.dispatch(method, params, {
      signal: signalOf(token),
      notify: ({ method, params }) => void connection.sendNotification(method, params).catch(() => {}),
    });
    return outcome.ok ? outcome.result : answer(outcome.error);
  });
  const files = listenToFiles(connection, () => folder);
  const served = async () => (phase === 'open' ? core : null);
  serveInlineCompletion(connection, { files, served });
  serveCodeActions(connection, { files, served, editor: () => editor });
  connection.onShutdown(end);
  onGone(() => {
    const code = phase === 'shut' ? 0 : 1;
    setTimeout(exit, GRACE, code).unref();
    void end().finally(() => exit(code));
  });
  connection.listen();
}

const AGAIN = new OspainError('wrong_state', 'The server was initialized before.');
const EARLY = new OspainError('unavailable', 'The server waits for `initialize`.');
const SHUT = new OspainError('unavailable', 'The server was told to shut down.');

const answer = (error: WireError) => new ResponseError(errorCodes[error.code].rpc, error.message, error);
const refuse = (rpc: number, error: OspainError) => new ResponseError(rpc, error.message, error.toWire());

/** The first folder of the editor. */
function workspaceOf({ workspaceFolders, rootUri }: InitializeParams): string {
  const uri = workspaceFolders?.[0]?.uri ?? rootUri;
  if (typeof uri !== 'string')
    throw new OspainError('invalid_params', 'The editor has no folder open.', { hint: 'Open a folder first.' });
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new OspainError('invalid_params', 'The workspace is not a folder of this machine.', {
      hint: 'Open a local folder.',
      cause,
    });
  }
}
