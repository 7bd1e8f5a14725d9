/**
 * Sets up what tests in a real VS Code need, from npm and Debian packages only; quick when it is there already.
 *
 *   node test/support/vscode/install.ts
 *
 * What cannot be set up fails with the reason and what to do: a test that did not run must never look passed.
 */
import { mkdir } from 'node:fs/promises';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { installChromium } from '../installPackages.ts';
import { installCodeServer } from './installCodeServer.ts';
import { cacheFolder, chosenKind, electronVersion, node, type Tools } from './tools.ts';

export async function installVscode(): Promise<Tools> {
  const kind = chosenKind();
  await mkdir(cacheFolder, { recursive: true });
  if (kind === 'code-server') {
    const chromium = await installChromium();
    return { kind, entry: await installCodeServer(), node, chromium };
  }
  try {
    return { kind, executable: await downloadAndUnzipVSCode({ version: electronVersion, cachePath: cacheFolder }) };
  } catch (cause) {
    const otherwise = process.platform === 'linux' ? ' Set OSPAIN2_TEST_VSCODE=code-server to do without it.' : '';
    throw new Error(`VS Code ${electronVersion} could not be downloaded.${otherwise}`, { cause });
  }
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await installVscode(), undefined, 2)}\n`);
