/**
 * Setup and the product where Microsoft's Visual C++ runtime is missing: only Wine can be made to lack it (`npm run test:windows`).
 *
 *   node withoutRuntime.ts SETUP
 */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import { installation, keyFiles, logText, ospain2, runSetup, sampleFolder, uninstall } from './windowsMachine.ts';

const [, , setup = ''] = process.argv;
const place = `${process.env.LOCALAPPDATA}\\Programs\\OSPAiN2`;
const workspace = 'C:\\ohne Laufzeit';

describe('without the Visual C++ runtime', () => {
  const installed = installation(place);
  mkdirSync(workspace);

  it('Setup installs, and says what is missing and where it is', () => {
    assert.equal(runSetup(setup), 0);
    assert.match(
      logText(),
      /Visual C\+\+ Redistributable.* is missing\..* https:\/\/aka\.ms\/vs\/17\/release\/vc_redist\.x64\.exe/,
    );
  });

  it('keys are kept in files, and that is said', () => {
    const { warnings } = installed.status(workspace);
    assert.match(warnings.join('\n'), /No keyring is in use/);
    assert.match(warnings.join('\n'), /Visual C\+\+/);
    assert.notDeepEqual(keyFiles(), []);
  });

  it('a task of a model fails with what to do', () => {
    const sample = sampleFolder(place, `${workspace}\\sample`);
    const { code, err } = ospain2(['task', 'new', '--kind', 'ask', 'What does RETRY_MAX in src/limits.ts do?'], sample);
    assert.notEqual(code, 0);
    assert.match(err, /error\[unavailable\]: llama\.cpp does not start: the Visual C\+\+ runtime is missing/);
    assert.match(err, /hint: .*https:\/\/aka\.ms/);
  });

  it('everything else works', () => {
    assert.equal(ospain2(['note', 'add', 'a', 'Ümläut'], workspace).code, 0);
    assert.match(ospain2(['note', 'show', 'a'], workspace).out, /Ümläut/);
    const { out } = ospain2(['doctor'], workspace);
    process.stdout.write(out);
    assert.match(out, /Visual C\+\+/);
  });

  it('it is uninstalled with its data', async () => {
    await uninstall(place, ['/REMOVEDATA']);
    rmSync(workspace, { recursive: true });
  });
});
