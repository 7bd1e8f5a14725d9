import * as vscode from 'vscode';

/** What the server is started with; the names are the server's. */
export interface ServerSettings {
  readonly models: readonly string[];
  /** 0 lets the server choose. */
  readonly threads: number;
}

const section = () => vscode.workspace.getConfiguration('ospain2');

export function serverSettings(): ServerSettings {
  return { models: section().get<string[]>('models', []), threads: section().get('threads', 0) };
}

export const autoAccept = (): boolean => section().get('autoAccept', false);

export const saveBeforeTask = (): boolean => section().get('saveBeforeTask', true);

/** Whether a change asks for a server started anew. */
export const concernsServer = (event: vscode.ConfigurationChangeEvent): boolean =>
  event.affectsConfiguration('ospain2.models') || event.affectsConfiguration('ospain2.threads');
