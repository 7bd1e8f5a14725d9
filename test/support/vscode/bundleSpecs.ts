/** Specs and mocha in one CommonJS file, since VS Code loads an extension's tests with `require`. */
import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { SpecRun } from './hostEntry.ts';
import { repository } from './tools.ts';

export interface BundleOptions extends Omit<SpecRun, 'grep'> {
  readonly grep?: string | undefined;
  /** Files or globs, from the repository's root. */
  readonly specs: readonly string[];
  readonly outfile: string;
}

export async function bundleSpecs({ specs, outfile, ...run }: BundleOptions): Promise<void> {
  const files = [...new Set(globSync([...specs], { cwd: repository }))].sort();
  if (files.length === 0) throw new Error(`no spec matches ${specs.join(' ')}`);
  // Each spec is loaded on demand: describe() and it() are there only once mocha has been set up.
  const specList = files.map((file) => {
    const from = JSON.stringify(path.resolve(repository, file));
    return `{ name: ${JSON.stringify(file)}, load: () => import(${from}) }`;
  });
  const entry = [
    `import { runSpecs } from ${JSON.stringify(path.join(import.meta.dirname, 'hostEntry.ts'))};`,
    `export const run = () => runSpecs([${specList.join(', ')}], ${JSON.stringify(run)});`,
  ];
  const bundle = outfile.replace(/\.cjs$/, '.bundle.cjs');
  await build({
    stdin: { contents: entry.join('\n'), resolveDir: repository, loader: 'ts' },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', '*.node'],
    sourcemap: 'inline',
    logLevel: 'warning',
    // mocha's parallel mode, which is not used here.
    logOverride: { 'require-resolve-not-external': 'silent' },
  });
  // Node reads a file's source map as it loads the file, and only if told to before.
  const loads = `process.setSourceMapsEnabled(true);\nmodule.exports = require(${JSON.stringify(bundle)});\n`;
  await writeFile(outfile, loads);
}
