import * as vscode from 'vscode';
import type { Connection } from './connection.ts';
import { problemText } from './problem.ts';

/** Hands the server's own sentences, and what becomes of the server, on to the log channel. */
export function logConnection(connection: Connection, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    connection.on('server/didLog', ({ level, message }) => log[level](message)),
    connection.onDidChangeState((state) => {
      if (state.name === 'waiting') log.warn(`The server ended. It starts again in ${state.delayMs} ms.`);
      else if (state.name === 'failed')
        log.error(`The server cannot work (${state.problem.code}): ${problemText(state.problem)}`);
      else log.info(`Server: ${state.name}`);
    }),
  );
}
