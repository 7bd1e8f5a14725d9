import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { manifestOf } from '../scripts/packaging/manifest.ts';
import { targets } from '../scripts/packaging/target.ts';
import { inRepository } from '../scripts/paths.ts';

const read = (path: string): string => readFileSync(inRepository(path), 'utf8');

/** The tests that the document names, as file and title. */
const namedIn = (document: string): { file: string; title: string }[] =>
  [...document.matchAll(/^\| `(test\/[^`]+)` \| “([^”]+)” \|$/gm)].map(([, file = '', title = '']) => ({
    file,
    title,
  }));

/** What is wrong with a test that is said to be there; undefined when it is. */
function missing({ file, title }: { file: string; title: string }): string | undefined {
  if (!existsSync(inRepository(file))) return `${file} is not there`;
  const plain = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const titled = new RegExp(`\\b(?:it|test|describe|found)\\(\\s*(?:'\\w+', )?(['"\`])${plain}\\1`);
  return titled.test(read(file)) ? undefined : `${file} has no test “${title}”`;
}

describe('docs/security.md', () => {
  const document = read('docs/security.md');

  it('names tests that exist', () => {
    const named = namedIn(document);
    assert.ok(named.length > 30);
    assert.deepEqual(
      named.map(missing).filter((problem) => problem !== undefined),
      [],
    );
  });

  it('would be found out', () => {
    assert.ok(missing({ file: 'test/gone.test.ts', title: 'names tests that exist' })?.includes('is not there'));
    assert.ok(missing({ file: 'test/security.test.ts', title: 'names tests that do not' })?.includes('has no test'));
  });

  it('names a test for each danger', () => {
    const dangers = document
      .split(/^## /m)
      .filter((part) => part.startsWith('A ') || part.startsWith('Another') || part.startsWith('Hostile'));
    assert.equal(dangers.length, 9);
    for (const danger of dangers) assert.ok(namedIn(danger).length > 0, danger.split('\n')[0]);
  });
});

/** Packages with a script for their installation, and why nobody who installs what we ship needs it. */
const ARGUED: Readonly<Record<string, string>> = {
  'node-llama-cpp': 'would build llama.cpp; the binaries of each platform are packages of their own, and are shipped',
  esbuild: 'for building only: looks whether the program of its own package runs',
  node: 'for building and testing only: fetches the program; it is the one script that `npm run` allows',
  '@vscode/vsce-sign': 'for packaging only, and not used: we do not sign with it',
};

interface Locked {
  dev?: boolean;
  hasInstallScript?: boolean;
}

describe('what is shipped', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

  it('of all packages that are shipped, none needs a script to be installed', () => {
    assert.deepEqual(scripted.map(([path]) => nameOf(path)).toSorted(), Object.keys(ARGUED).toSorted());
    assert.deepEqual(
      scripted.filter(([, { dev }]) => dev !== true).map(([path]) => nameOf(path)),
      ['node-llama-cpp'],
    );
  });

  it('runs none here either, but the one that fetches Node', () => {
    const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };
    assert.deepEqual(allowScripts, { node: true });
    assert.match(read('scripts/run.mjs'), /'ci', '--ignore-scripts'/);
  });

  it('runs nothing, and asks nothing of a registry, when it is installed', async () => {
    for (const target of targets)
      for (const product of ['extension', 'cli'] as const) {
        const manifest = JSON.parse(await manifestOf(product, target)) as object;
        for (const key of ['scripts', 'dependencies', 'optionalDependencies', 'allowScripts'])
          assert.ok(!(key in manifest), `${product} has ${key}`);
      }
  });
});
