/**
 * An empty extension that carries the specs into VS Code.
 *
 * VS Code runs tests only for an extension under development. The product is not that: it is installed from its VSIX,
 * as a person has it.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleSpecs } from './bundleSpecs.ts';
import type { SpecCounts } from './hostEntry.ts';

export interface HostRun {
  /** The product. */
  readonly vsix: string;
  /** Opened in place; an empty folder where none is given. */
  readonly workspace?: string | undefined;
  /** Files or globs, from the repository's root. */
  readonly specs: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Of the whole run of the specs; 600 s where none is given. */
  readonly timeoutMs?: number | undefined;
  /** Of one test that sets none of its own; 60 s where none is given. */
  readonly testTimeoutMs?: number | undefined;
  /** Runs the tests whose title holds it. */
  readonly grep?: string | undefined;
  /** Where the specs' output goes; standard output where none is given. */
  readonly out?: NodeJS.WritableStream | undefined;
}

export interface HostResult extends SpecCounts {
  readonly output: string;
}

export interface Driver {
  readonly folder: string;
  /** The file whose `run()` VS Code calls. */
  readonly tests: string;
  /** Prints what the specs have printed since the last call; returns all of it. */
  print(): Promise<string>;
  result(exitCode: number): Promise<HostResult>;
}

const manifest = {
  name: 'spec-driver',
  publisher: 'ospain2',
  version: '0.0.1',
  engines: { vscode: '*' },
  main: './main.cjs',
};

export async function createDriver(root: string, run: HostRun): Promise<Driver> {
  const folder = path.join(root, 'driver');
  const tests = path.join(folder, 'specs.cjs');
  const resultFile = path.join(folder, 'result.json');
  const outputFile = path.join(folder, 'output.txt');
  await mkdir(folder, { recursive: true });
  await writeFile(outputFile, '');
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(folder, 'main.cjs'), 'exports.activate = () => {};\n');
  const { specs, grep, testTimeoutMs = 60_000, out = process.stdout } = run;
  await bundleSpecs({ specs, outfile: tests, resultFile, outputFile, testTimeoutMs, grep });
  let printed = 0;
  const print = async (): Promise<string> => {
    const output = await readFile(outputFile, 'utf8');
    out.write(output.slice(printed));
    printed = output.length;
    return output;
  };
  const result = async (exitCode: number): Promise<HostResult> => {
    const output = await print();
    const written = await readFile(resultFile, 'utf8').catch(() => undefined);
    // A spec that fails to load fails the run before mocha counts anything.
    if (!written && exitCode !== 0) return { passes: 0, failures: 1, pending: 0, output };
    if (!written) throw new Error('VS Code ended without running the specs');
    const counts: SpecCounts = JSON.parse(written);
    if (counts.passes + counts.failures === 0) throw new Error('no test ran');
    return { ...counts, output };
  };
  return { folder, tests, print, result };
}
