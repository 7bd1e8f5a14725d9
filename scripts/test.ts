/**
 * Every test, from nothing but the sources and the dependencies.
 *
 *   npm test [-- --only check|unit|host|ui] [part of a file's path ...]
 *
 * Whatever cannot be set up is a failure with its reason. The last line is `N passed, N failed`.
 */
import { globSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, repository } from './paths.ts';
import { addCounts, type Counts, noCounts } from './testing/counts.ts';
import * as phases from './testing/phases.ts';
import { endPrograms } from './testing/program.ts';

const kinds = ['check', 'unit', 'host', 'ui'] as const;
type Kind = (typeof kinds)[number];

const started = performance.now();
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;
let total = noCounts();
const summary: string[] = [];

/** Runs one phase and adds it to the sum; a phase that could not be set up is one failure. */
async function phase(name: string, work: () => Promise<Counts>): Promise<void> {
  const began = performance.now();
  process.stdout.write(`\n── ${name} (at ${seconds(started)})\n`);
  let counts: Counts;
  let reason = '';
  try {
    counts = await work();
  } catch (error) {
    counts = { ...noCounts(), failed: 1 };
    reason = `  ${error instanceof Error ? error.message : String(error)}`;
    process.stdout.write(`${error instanceof Error ? error.stack : reason}\n`);
  }
  total = addCounts(total, counts);
  const skipped = counts.skipped.length > 0 ? `, ${counts.skipped.length} skipped` : '';
  summary.push(`${name.padEnd(10)} ${counts.passed} passed, ${counts.failed} failed${skipped} in ${seconds(began)}`);
  if (reason !== '') summary.push(reason.split('\n')[0] ?? '');
}

/** Test files of the repository whose path holds one of the filters. */
function files(pattern: string, filters: readonly string[]): string[] {
  const found = globSync(pattern, { cwd: repository }).map((file) => file.split(path.sep).join('/'));
  return found.filter((file) => filters.length === 0 || filters.some((part) => file.includes(part))).sort();
}

async function run(only: readonly Kind[], filters: readonly string[], scratch: string): Promise<void> {
  const wants = (kind: Kind) => only.length === 0 || only.includes(kind);
  const tests = files('test/**/*.test.ts', filters);
  const ui = wants('ui') ? tests.filter((file) => file.endsWith('.ui.test.ts')) : [];
  const unit = wants('unit') ? tests.filter((file) => !file.endsWith('.ui.test.ts')) : [];
  const specs = wants('host') ? files('test/**/*.spec.ts', filters) : [];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    OSPAIN2_KEY_STORE: 'file',
    OSPAIN2_THREADS: '1',
    TMPDIR: scratch,
    TEMP: scratch,
    TMP: scratch,
  };
  const context = { env, scratch };

  // About a minute of downloads and compiling, beside the phases that do not need it. A failure waits for its phase.
  const inVscode = ui.length + specs.length > 0;
  const installed = inVscode ? phases.installVscode({ env: process.env, scratch }) : Promise.resolve();
  installed.catch(() => {});

  if (wants('check') && filters.length === 0) await phase('check', () => phases.check(context));
  let vsix = '';
  if (unit.length + ui.length + specs.length > 0) {
    await phase('package', async () => {
      vsix = await phases.buildAndPackage();
      return noCounts();
    });
    env.OSPAIN2_TEST_VSIX = vsix;
  } else if (!wants('check'))
    await phase('files', () => Promise.reject(new Error(`no test matches ${filters.join(' ')}`)));
  const withVscode = async (work: () => Promise<Counts>): Promise<Counts> => {
    if (vsix === '') throw new Error('there is no VSIX to install');
    await installed;
    return work();
  };
  if (unit.length > 0) await phase('unit', () => phases.nodeTests(context, unit, 2));
  if (specs.length > 0) await phase('host', () => withVscode(() => phases.hostSpecs(context, vsix, specs)));
  if (ui.length > 0) await phase('ui', () => withVscode(() => phases.nodeTests(context, ui, 2)));
}

function chosen(): { only: Kind[]; filters: string[] } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true, default: [] } },
  });
  const only = values.only.map((name) => {
    const kind = kinds.find((one) => one === name);
    if (kind === undefined) throw new Error(`--only is one of ${kinds.join(', ')}, not '${name}'`);
    return kind;
  });
  return { only, filters: positionals };
}

/** Characters of a folder below which Chromium's socket still has a path of at most 107: its own part takes 78. */
const SHORT = 24;

/** Short, since sockets lie in it; in the repository where that is short enough, so that nothing stays behind. */
async function scratchFolder(): Promise<string> {
  const places = [path.join(cacheFolder, 'tmp'), os.tmpdir(), '/tmp'];
  const root = process.platform === 'win32' ? os.tmpdir() : (places.find(({ length }) => length <= SHORT) ?? '/tmp');
  await mkdir(root, { recursive: true });
  return mkdtemp(path.join(root, 't-'));
}

const { only, filters } = chosen();
const scratch = await scratchFolder();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    endPrograms();
    rmSync(scratch, { recursive: true, force: true });
    process.exit(130);
  });
}
try {
  await run(only, filters, scratch);
} finally {
  endPrograms();
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}
process.stdout.write(`\n── summary, ${seconds(started)}\n${summary.join('\n')}\n`);
for (const name of total.skipped) process.stdout.write(`skipped: ${name}\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
