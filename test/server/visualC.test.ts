import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { missingVisualC, visualCWarning } from '../../server/visualC.ts';
import { tempFolder } from '../support/temp.ts';

it('says what of the runtime Windows lacks, and what to do', () => {
  using temp = tempFolder('visual');
  const system = join(temp.path, 'System32');
  mkdirSync(system);
  const env = { SystemRoot: temp.path };
  writeFileSync(join(system, 'vcruntime140.dll'), '');
  assert.deepEqual(missingVisualC(env, 'win32'), ['vcruntime140_1.dll', 'msvcp140.dll']);
  assert.match(
    visualCWarning(env, 'win32') ?? '',
    /^The Visual C\+\+ runtime is missing \(vcruntime140_1\.dll, msvcp140\.dll\), so models do not run and keys are kept in files\. Install .*https:\/\/aka\.ms\//,
  );
  for (const name of ['vcruntime140_1.dll', 'msvcp140.dll']) writeFileSync(join(system, name), '');
  assert.deepEqual([missingVisualC(env, 'win32'), visualCWarning(env, 'win32')], [[], undefined]);
});

it('asks nothing of other systems', () => {
  for (const platform of ['linux', 'darwin'] as const) assert.deepEqual(missingVisualC({}, platform), []);
});
