import { deepEqual, equal, match, rejects, throws } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { ripgrep } from '../../../scripts/packaging/insides.ts';
import { knownText, licencesOf, licenceTexts } from '../../../scripts/packaging/licences.ts';
import { hostName, targetNamed, targets } from '../../../scripts/packaging/target.ts';
import { inRepository } from '../../../scripts/paths.ts';

it('allows what a program under MIT can be shipped with', () => {
  equal(licencesOf('a', 'MIT'), 'MIT');
  equal(licencesOf('a', '(BSD-2-Clause OR GPL-3.0-only)'), 'BSD-2-Clause OR GPL-3.0-only');
  equal(licencesOf('sqlite-vec', 'MIT OR Apache'), 'MIT OR Apache-2.0');
});

it('refuses everything else, and silence', () => {
  for (const said of ['GPL-3.0-only', 'MIT AND GPL-2.0-only', 'SEE LICENSE IN EULA', '', undefined, { type: 'MIT' }])
    throws(() => licencesOf('a', said), /a comes under '.*', which is not one of MIT/);
});

it('takes the texts that come along, and knows those of packages that forgot them', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'licences-'));
  try {
    await rejects(licenceTexts('unheard-of', folder), /unheard-of has no licence text along/);
    match((await licenceTexts('abstract-logging', folder))[0] ?? '', /James Sumners/);
    for (const name of ['LICENSE', 'ThirdPartyNotices.txt', 'readme.md'])
      await writeFile(path.join(folder, name), `${name}\r\n`);
    deepEqual(await licenceTexts('unheard-of', folder), ['LICENSE', 'ThirdPartyNotices.txt']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('knows what is inside of ripgrep as the program says it', () => {
  const { ripgrep: name, os: system } = targetNamed(hostName);
  const program = inRepository('node_modules', name, 'bin', system === 'win32' ? 'rg.exe' : 'rg');
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const [, own] = /^ripgrep ([\d.]+)/.exec(stdout) ?? [];
  const [, pcre2] = /PCRE2 ([\d.]+)/.exec(stdout) ?? [];
  deepEqual(
    ripgrep.map(({ version }) => version),
    [own, pcre2],
  );
});

it('knows the text of every native part of every platform', () => {
  for (const { vectors } of targets) if (vectors !== undefined) match(knownText(vectors), /Alex Garcia/);
});
