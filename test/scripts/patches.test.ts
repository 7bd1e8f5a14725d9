import { equal, notEqual, throws } from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { applyPatches, patchesStamp } from '../../scripts/patches.mjs';
import { inRepository } from '../../scripts/paths.ts';
import { tempFolder } from '../support/temp.ts';

const PATCH = `diff --git a/node_modules/thing/index.js b/node_modules/thing/index.js
--- a/node_modules/thing/index.js
+++ b/node_modules/thing/index.js
@@ -1 +1 @@
-export const answer = 41;
+export const answer = 42;
`;

/** A repository with one package, and a patch for its version 1.0.0. */
function open(folder: string, version: string, source: string): string {
  const write = (name: string, text: string) => {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  write('package.json', JSON.stringify({ dependencies: { thing: version } }));
  write('package-lock.json', '{}');
  write('node_modules/thing/package.json', JSON.stringify({ name: 'thing', version }));
  write('node_modules/thing/index.js', source);
  write('patches/thing+1.0.0.patch', PATCH);
  symlinkSync(inRepository('node_modules/patch-package'), path.join(folder, 'node_modules/patch-package'), 'junction');
  return path.join(folder, 'node_modules/thing/index.js');
}

it('applies a patch once, however often it is asked', () => {
  using folder = tempFolder('patches');
  const file = open(folder.path, '1.0.0', 'export const answer = 41;\n');
  for (let time = 0; time < 2; time++) {
    applyPatches(folder.path);
    equal(readFileSync(file, 'utf8'), 'export const answer = 42;\n');
  }
});

it('fails when a patch does not fit, or was made for another version', () => {
  for (const [version, source] of [
    ['1.0.0', 'export const question = 41;\n'],
    ['2.0.0', 'export const answer = 41;\n'],
  ] as const) {
    using folder = tempFolder('patches');
    open(folder.path, version, source);
    throws(() => applyPatches(folder.path), /does not fit/);
  }
});

it('changes its stamp with every patch', () => {
  using folder = tempFolder('patches');
  open(folder.path, '1.0.0', '');
  const before = patchesStamp(folder.path);
  equal(patchesStamp(folder.path), before);
  writeFileSync(path.join(folder.path, 'patches/thing+1.0.0.patch'), PATCH.replace('42', '43'));
  notEqual(patchesStamp(folder.path), before);
});
