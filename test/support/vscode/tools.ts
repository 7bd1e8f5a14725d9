/**
 * What tests in a real VS Code need on the machine, and where it lies.
 *
 * code-server (Linux): VS Code's web workbench and its real Node extension host, from npm, shown by Chromium.
 * electron: the desktop program, where Microsoft's download can be reached. `OSPAIN2_TEST_VSCODE` picks one.
 */
import path from 'node:path';

export interface CodeServerTools {
  readonly kind: 'code-server';
  /** code-server's program, run by `node`. */
  readonly entry: string;
  readonly node: string;
  readonly chromium: string;
}

export interface ElectronTools {
  readonly kind: 'electron';
  /** VS Code's executable. */
  readonly executable: string;
}

export type Tools = CodeServerTools | ElectronTools;

/** Selectors and flags follow VS Code's internals, so both versions are pinned: 4.139.1 is VS Code 1.139.1. */
export const codeServerVersion = '4.139.1';
/** Specs ask for less: `OSPAIN2_TEST_VSCODE_VERSION` names another version, such as 1.105.0 or `stable`. */
export const electronVersion = process.env.OSPAIN2_TEST_VSCODE_VERSION || '1.139.1';

export const repository = path.resolve(import.meta.dirname, '../../..');

/** The repository's own Node (npm package `node`): the extension host and its native modules run on it. */
export const node = path.join(repository, 'node_modules/node/bin/node');

/** Outside the repository by `OSPAIN2_TEST_CACHE`, so that several checkouts share one install. */
export const cacheFolder = path.resolve(process.env.OSPAIN2_TEST_CACHE || path.join(repository, '.cache/vscode'));

/** What tests leave for a person to look at. */
export const resultsFolder = path.join(repository, 'test-results');

export function chosenKind(): Tools['kind'] {
  const chosen = process.env.OSPAIN2_TEST_VSCODE || (process.platform === 'linux' ? 'code-server' : 'electron');
  if (chosen === 'electron') return 'electron';
  if (chosen !== 'code-server') throw new Error(`OSPAIN2_TEST_VSCODE is '${chosen}'; set code-server or electron`);
  if (process.platform !== 'linux') throw new Error('code-server runs on Linux only; set OSPAIN2_TEST_VSCODE=electron');
  return 'code-server';
}
