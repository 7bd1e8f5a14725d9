import * as vscode from 'vscode';

/** What the server is started with; the names are the server's. */
export interface ServerSettings {
  readonly models: readonly string[];
  /** 0 lets the server choose. */
  readonly threads: number;
  readonly retentionDays: number;
  readonly retentionMb: number;
}

const section = () => vscode.workspace.getConfiguration('ospain2');

export function serverSettings(): ServerSettings {
  return {
    models: section().get<string[]>('models', []),
    threads: section().get('threads', 0),
    retentionDays: section().get('retentionDays', 30),
    retentionMb: section().get('retentionMb', 1000),
  };
}

export const autoAccept = (): boolean => section().get('autoAccept', false);

export const saveBeforeTask = (): boolean => section().get('saveBeforeTask', true);

/** Whether a change asks for a server started anew. */
export const concernsServer = (event: vscode.ConfigurationChangeEvent): boolean =>
  ['models', 'threads', 'retentionDays', 'retentionMb'].some((name) => event.affectsConfiguration(`ospain2.${name}`));
