import { equal, throws } from 'node:assert/strict';
import { it } from 'node:test';
import { releaseNotes } from '../../scripts/releaseNotes.ts';

const changelog = `# Changelog

## [Unreleased]
### Added
- Not yet.

## [0.2.0] - 2026-12-01
### Added
- A thing.

## [0.1.0] - unreleased
- Old.
`;

it('takes the section of the version', () => {
  equal(releaseNotes({ tag: 'v0.2.0', version: '0.2.0', changelog }), '### Added\n- A thing.\n');
});

it('refuses a tag that is not the version', () => {
  throws(() => releaseNotes({ tag: 'v0.2.1', version: '0.2.0', changelog }), /the tag is v0\.2\.1/);
});

it('refuses a version that has no section, or no date', () => {
  throws(() => releaseNotes({ tag: 'v0.3.0', version: '0.3.0', changelog }), /no line '## \[0\.3\.0\]/);
  throws(() => releaseNotes({ tag: 'v0.1.0', version: '0.1.0', changelog }), /but '## \[0\.1\.0\] - unreleased'/);
});
