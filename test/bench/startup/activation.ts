import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, type Report, round } from '../../../scripts/measure.ts';
import { hostName, targetNamed } from '../../../scripts/packaging/target.ts';
import { packageVsix } from '../../../scripts/packaging/vsix.ts';
import { tempFolder } from '../../support/temp.ts';
import { runInHost } from '../../support/vscode/inHost.ts';

const ROUNDS = 3;

/** Milliseconds that activating the packaged extension takes in the extension host of a real VS Code. */
export async function measureActivation(report: Report): Promise<void> {
  using folder = tempFolder('bench-activation');
  const { file: vsix } = await packageVsix(targetNamed(hostName));
  const values: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const file = join(folder.path, String(i));
    const env = { OSPAIN2_BENCH_OUT: file };
    const specs = ['test/bench/startup/activateInHost.ts'];
    // Standard output belongs to the measures.
    const { failures } = await runInHost({ vsix, specs, env, out: process.stderr });
    if (failures > 0) throw new Error('the activation could not be measured');
    values.push(Number(readFileSync(file, 'utf8')));
  }
  report({ measure: 'activation in the extension host', value: round(median(values)), unit: 'ms' });
}
