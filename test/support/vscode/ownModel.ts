import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { VscodeWindow } from './window.ts';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/**
 * Makes a model file the default of a window's user, and waits until its view says so. By the command line, since VS Code in a
 * browser may hand its user's settings over after the extension has started.
 */
export async function giveModelFile(window: VscodeWindow, workspace: string, file: string): Promise<void> {
  const env = { ...process.env, OSPAIN2_DATA_DIR: window.folders.product, OSPAIN2_KEY_STORE: 'file' };
  const args = [CLI, 'model', 'import', file, '--alias', 'default', '--workspace', workspace];
  await promisify(execFile)(process.execPath, args, { env });
  await window.openView('OSPAiN2');
  await window.expandView('Models');
  await window.treeRow(new RegExp(`${path.parse(file).name}.*default`));
}
