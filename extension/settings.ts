import * as vscode from 'vscode';
import type { Trust } from '../protocol/server.ts';
import type { AutoAccept } from '../protocol/tasks.ts';
import { trust } from './workspace.ts';

/** What the server is started with; the names are the server's. */
export interface ServerSettings {
  readonly trust: Trust;
  readonly models: readonly string[];
  /** 0 lets the server choose. */
  readonly threads: number;
  readonly parallelTasks: number;
  /** 0 is as much as there is, and never. */
  readonly memoryMb: number;
  readonly idleMinutes: number;
  readonly gpu: 'auto' | 'off';
  readonly retentionDays: number;
  readonly retentionMb: number;
  readonly parkedMb: number;
  readonly thinkingTokens: number;
  /** 0 is never. */
  readonly lockAfterMinutes: number;
  readonly workers: { readonly runtime: 'process' | 'container' };
  /** Null serves other programs only when somebody asks for it. */
  readonly api: { readonly port: number } | null;
  readonly codeIndex: { readonly enabled: boolean };
  readonly commands: { readonly timeoutSeconds: number; readonly readable: readonly string[] };
  readonly completion: { readonly onBattery: boolean; readonly delayMs: number };
}

const section = () => vscode.workspace.getConfiguration('ospain2');

export function serverSettings(): ServerSettings {
  return {
    trust: trust(),
    models: section().get<string[]>('models', []),
    threads: section().get('threads', 0),
    parallelTasks: section().get('parallelTasks', 4),
    memoryMb: section().get('memoryMb', 0),
    idleMinutes: section().get('idleMinutes', 30),
    gpu: section().get<'auto' | 'off'>('gpu', 'auto'),
    retentionDays: section().get('retentionDays', 30),
    retentionMb: section().get('retentionMb', 1000),
    parkedMb: section().get('parkedMb', 2000),
    thinkingTokens: section().get('thinkingTokens', 512),
    lockAfterMinutes: section().get('lockAfterMinutes', 0),
    workers: { runtime: section().get<'process' | 'container'>('workers.runtime', 'process') },
    api: apiOf(section().get<number | null>('apiPort', null)),
    codeIndex: { enabled: section().get('codeIndex', true) },
    commands: {
      timeoutSeconds: section().get('commandTimeout', 300),
      readable: section().get<string[]>('commandReadable', []),
    },
    completion: {
      onBattery: section().get('inlineCompletionOnBattery', false),
      delayMs: section().get('inlineCompletionDelay', 150),
    },
  };
}

export const autoAccept = (): AutoAccept => section().get<AutoAccept>('autoAccept', 'none');

export const saveBeforeTask = (): boolean => section().get('saveBeforeTask', true);

/** May be set for a language alone. */
export const inlineCompletionEnabled = (document: vscode.TextDocument): boolean =>
  vscode.workspace.getConfiguration('ospain2', document).get('inlineCompletion', true);

/** May be set for a language alone. */
export const codeLens = (document: vscode.TextDocument): boolean =>
  vscode.workspace.getConfiguration('ospain2', document).get('codeLens', false);

/** Whether a change asks for a server started anew. */
export const concernsServer = (event: vscode.ConfigurationChangeEvent): boolean =>
  SERVER.some((name) => event.affectsConfiguration(`ospain2.${name}`));

const apiOf = (port: number | null) => (port === null ? null : { port });

const SERVER = [
  'codeIndex',
  'commandTimeout',
  'commandReadable',
  'models',
  'threads',
  'parallelTasks',
  'memoryMb',
  'idleMinutes',
  'gpu',
  'retentionDays',
  'retentionMb',
  'parkedMb',
  'thinkingTokens',
  'lockAfterMinutes',
  'workers.runtime',
  'inlineCompletionOnBattery',
  'inlineCompletionDelay',
  'apiPort',
];
