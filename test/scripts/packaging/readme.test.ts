import { doesNotMatch, equal, match } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { packagedReadme } from '../../../scripts/packaging/readme.ts';
import { inRepository } from '../../../scripts/paths.ts';

const readme = readFileSync(inRepository('README.md'), 'utf8');

it('drops pictures and leaves of links what they say', () => {
  equal(
    packagedReadme('A\n\n![it](docs/a.png)\n\nB [docs/a.md](docs/a.md), [out](https://example.org), [below](#b)\n'),
    'A\n\nB docs/a.md, [out](https://example.org), [below](#b)\n',
  );
});

it('leaves nothing in our own that leads nowhere', () => {
  match(readme, /!\[/);
  doesNotMatch(packagedReadme(readme), /!\[|\]\((?!https:|#)/);
});

it('has pictures and links in the repository that are there', () => {
  for (const [, file = ''] of readme.matchAll(/\]\((?!https:|#)([^)#]*)/g))
    equal(existsSync(inRepository(file)), true, file);
});
