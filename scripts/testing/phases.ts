/** The phases of `npm test`; each resolves with its counts and rejects only when it could not be set up. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureBuilt } from '../build.ts';
import { sizeTable } from '../packaging/sizeTable.ts';
import { hostName, targetNamed } from '../packaging/target.ts';
import { packageVsix } from '../packaging/vsix.ts';
import { inRepository } from '../paths.ts';
import { addCounts, type Counts, noCounts, specCounts } from './counts.ts';
import { program } from './program.ts';

export interface Context {
  readonly env: NodeJS.ProcessEnv;
  /** For files of the run itself; removed at its end. */
  readonly scratch: string;
}

const minutes = (count: number): number => count * 60_000;

/** Types, lint and format, dead code: each counts as one test. */
export async function check({ env }: Context): Promise<Counts> {
  const bin = (name: string) => inRepository('node_modules', name);
  const checks = [
    { name: 'types', args: [bin('typescript/bin/tsc'), '-b'] },
    { name: 'lint and format', args: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
    { name: 'dead code', args: [bin('knip/bin/knip.js'), '--no-progress'] },
  ];
  const counts = await Promise.all(
    checks.map(async ({ name, args }) => {
      const { code, output } = await program({ args, env, quiet: true, timeoutMs: minutes(5) });
      if (code !== 0) process.stdout.write(`${output}\n`);
      process.stdout.write(`${code === 0 ? '✔' : '✖'} ${name}\n`);
      return { ...noCounts(), passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
    }),
  );
  return counts.reduce(addCounts);
}

/** Resolves with the VSIX that the later phases install. */
export async function buildAndPackage(): Promise<string> {
  await ensureBuilt();
  const { file, entries } = await packageVsix(targetNamed(hostName));
  process.stdout.write(`${sizeTable(entries)}\n`);
  return file;
}

/** node:test on files; no file is a failure of its own, since a filter that finds nothing proves nothing. */
export async function nodeTests(context: Context, files: readonly string[], concurrency: number): Promise<Counts> {
  const countFile = path.join(context.scratch, `counts-${path.basename(files[0] ?? '')}.json`);
  const args = [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${minutes(8)}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${inRepository('scripts/testing/countReporter.ts')}`,
    `--test-reporter-destination=${countFile}`,
    ...files,
  ];
  const { code, output } = await program({ args, env: context.env, timeoutMs: minutes(18) });
  const written = await readFile(countFile, 'utf8').catch(() => '');
  if (written === '') throw new Error(`the test runner ended without counts\n${output.slice(-2000)}`);
  const counts: Counts = JSON.parse(written);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** Starts what installs VS Code and its browser; its output is shown only when it fails. */
export async function installVscode({ env }: Context): Promise<void> {
  const args = [inRepository('test/support/vscode/install.ts')];
  const { code, output } = await program({ args, env, quiet: true, timeoutMs: minutes(15) });
  if (code !== 0) throw new Error(`VS Code could not be set up for tests\n${output}`);
}

/** Specs inside a real extension host. */
export async function hostSpecs({ env }: Context, vsix: string, specs: readonly string[]): Promise<Counts> {
  const args = [
    inRepository('test/support/vscode/inHost.ts'),
    '--vsix',
    vsix,
    ...specs.flatMap((spec) => ['--specs', spec]),
  ];
  const { code, output } = await program({ args, env, timeoutMs: minutes(12) });
  const counts = specCounts(output);
  if (counts === undefined) throw new Error(`the specs in VS Code did not run to their end\n${output.slice(-2000)}`);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
