/** The `package.json` of what is shipped. */
import { readFile } from 'node:fs/promises';
import { inRepository } from '../paths.ts';
import type { Target } from './target.ts';

/** What is packaged: the extension, with everything; or the command line with the server and its workers, without VS Code. */
export type Product = 'extension' | 'cli';

/** Of the repository's manifest, what an extension has no use for. */
const stripped = ['private', 'scripts', 'bin', 'allowScripts', 'dependencies', 'devDependencies', 'overrides'];

/** Node versions that run the database's addon. */
const NODE = '>=22.14.0';

interface Manifest extends Readonly<Record<string, unknown>> {
  readonly version: string;
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
}

export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(inRepository('package.json'), 'utf8'));
}

export async function manifestOf(product: Product, target: Target): Promise<string> {
  const whole = await readManifest();
  const kept =
    product === 'extension'
      ? Object.fromEntries(Object.entries(whole).filter(([name]) => !stripped.includes(name)))
      : await cliManifest(whole, target);
  return `${JSON.stringify(kept, undefined, 2)}\n`;
}

/** npm installs it as it is: everything is inside, nothing is run, and nothing is asked for from a registry. */
async function cliManifest({ version, license, bin }: Manifest, { os, cpu }: Target): Promise<object> {
  const texts: { description?: unknown } = JSON.parse(await readFile(inRepository('package.nls.json'), 'utf8'));
  const libc = os === 'linux' ? { libc: ['glibc'] } : {};
  const platform = { os: [os], cpu: [cpu], ...libc };
  return {
    ...{ name: 'ospain2', version, description: texts.description, license, type: 'module', bin },
    ...{ engines: { node: NODE }, ...platform },
  };
}
