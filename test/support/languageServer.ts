import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { type ServerOptions, testEnv } from './server.ts';

const SERVER = fileURLToPath(new URL('../../dist/server.js', import.meta.url));

export interface LanguageServer extends AsyncDisposable {
  connection: MessageConnection;
  child: ChildProcess;
}

/** Starts the built server program as an editor does, over stdio, and initializes it. */
export async function startLanguageServer(options: ServerOptions): Promise<LanguageServer> {
  const child = spawn(process.execPath, [SERVER, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...testEnv(options.data), ...options.env },
  });
  const exited = once(child, 'exit');
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const workspaceFolders = [{ uri: pathToFileURL(options.workspace).href, name: 'workspace' }];
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    workspaceFolders,
    capabilities: {},
    initializationOptions: { threads: 1, retryMs: 10, ...options.settings },
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    child,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        await connection.sendRequest('shutdown');
        await connection.sendNotification('exit');
        await exited;
      }
      connection.dispose();
    },
  };
}
