import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parse } from 'yaml';
import { wingetManifest } from '../../../scripts/windows/winget.ts';

const sha256 = 'ab'.repeat(32);
const url = 'https://example.org/OSPAiN2-Setup-1.10-x64.exe';

/** What the schema 1.6.0 of winget requires of each file. */
const required = {
  version: ['DefaultLocale'],
  installer: ['Installers'],
  defaultLocale: ['PackageLocale', 'Publisher', 'PackageName', 'License', 'ShortDescription'],
};

it('is three files that belong together', () => {
  const files = wingetManifest({ version: '1.10', url, sha256 });
  assert.deepEqual(
    [...files.keys()],
    ['OSPAiN2.OSPAiN2.yaml', 'OSPAiN2.OSPAiN2.installer.yaml', 'OSPAiN2.OSPAiN2.locale.en-US.yaml'],
  );
  const types = [...files.values()].map((text) => {
    const content = parse(text);
    assert.match(
      text,
      /^# yaml-language-server: \$schema=https:\/\/aka\.ms\/winget-manifest\.\w+\.1\.6\.0\.schema\.json\n/,
    );
    assert.equal(content.PackageVersion, '1.10', 'a text, not the number 1.1');
    assert.equal(content.ManifestVersion, '1.6.0');
    assert.match(content.PackageIdentifier, /^[^.\s\\/:*?"<>|]{1,32}(\.[^.\s\\/:*?"<>|]{1,32}){1,7}$/);
    const type = content.ManifestType as keyof typeof required;
    for (const name of required[type]) assert.ok(content[name], name);
    return type;
  });
  assert.deepEqual(types, ['version', 'installer', 'defaultLocale']);
});

it('leads to Setup, by its hash, for one person', () => {
  const files = wingetManifest({ version: '0.1.0', url, sha256 });
  const content = parse(files.get('OSPAiN2.OSPAiN2.installer.yaml') ?? '');
  assert.deepEqual(content.Installers, [{ Architecture: 'x64', InstallerUrl: url, InstallerSha256: 'AB'.repeat(32) }]);
  assert.deepEqual([content.InstallerType, content.Scope, content.ProductCode], ['nullsoft', 'user', 'OSPAiN2']);
});

it('refuses an address without https, and what is no hash', () => {
  assert.throws(() => wingetManifest({ version: '1', url: 'http://example.org/x.exe', sha256 }), /https/);
  assert.throws(() => wingetManifest({ version: '1', url, sha256: 'ab' }), /SHA-256/);
});
