/**
 * Runs mocha specs inside the extension host of a real VS Code, beside the product installed from its VSIX.
 *
 *   node test/support/vscode/inHost.ts --vsix dist/ospain2.vsix --specs 'test/vscode/*.spec.ts' [--workspace DIR] [--grep T]
 *
 * Exit codes: 0 all passed, 1 a test failed, 2 the tests could not be run.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runInCodeServer } from './codeServerHost.ts';
import type { HostResult, HostRun } from './driver.ts';
import { runInElectron } from './electron.ts';
import { installVscode } from './install.ts';

export type { HostResult, HostRun } from './driver.ts';

/** Prints what mocha prints, as it comes. Rejects when the tests could not be run; a failed test is a result. */
export async function runInHost(run: HostRun): Promise<HostResult> {
  const tools = await installVscode();
  return tools.kind === 'electron' ? runInElectron(tools, run) : runInCodeServer(tools, run);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      vsix: { type: 'string' },
      specs: { type: 'string', multiple: true, default: ['test/**/*.spec.ts'] },
      workspace: { type: 'string' },
      grep: { type: 'string' },
      timeout: { type: 'string', default: '600' },
    },
  });
  const { vsix, specs, workspace, grep, timeout } = values;
  if (!vsix) throw new Error('--vsix FILE is needed: the product, as packaged');
  const timeoutMs = Number(timeout) * 1_000;
  const { passes, failures, pending } = await runInHost({
    vsix: path.resolve(vsix),
    specs,
    workspace,
    grep,
    timeoutMs,
  });
  const skipped = pending > 0 ? `, ${pending} skipped` : '';
  process.stdout.write(`specs: ${passes} passed, ${failures} failed${skipped}\n`);
  return failures > 0 ? 1 : 0;
}

if (import.meta.main) {
  process.exitCode = await main().catch((error: unknown) => {
    console.error(error);
    return 2;
  });
}
