/**
 * What the changelog says of a release. Throws unless the tag is the version of the sources and the changelog tells of it with a date.
 *
 *   npm run release-notes -- --tag v0.1.0 --out release-notes.md
 */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { inRepository } from './paths.ts';

export interface Release {
  readonly tag: string;
  readonly version: string;
  readonly changelog: string;
}

export function releaseNotes({ tag, version, changelog }: Release): string {
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, and the version in package.json ${version}`);
  const sections = changelog.split(/^(?=## )/m);
  const found = sections.find((section) => section.startsWith(`## [${version}]`));
  const [heading = '', ...lines] = (found ?? '').split('\n');
  if (!/^## \[.*\] - \d{4}-\d\d-\d\d$/.test(heading))
    throw new Error(`CHANGELOG.md has no line '## [${version}] - ' with a date${heading && `, but '${heading}'`}`);
  return `${lines.join('\n').trim()}\n`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { tag: { type: 'string' }, out: { type: 'string' } } });
  const { tag, out } = values;
  if (tag === undefined || out === undefined) throw new Error('--tag and --out are needed');
  const { version }: { version: string } = JSON.parse(await readFile(inRepository('package.json'), 'utf8'));
  const changelog = await readFile(inRepository('CHANGELOG.md'), 'utf8');
  await writeFile(out, releaseNotes({ tag, version, changelog }));
}

if (import.meta.main) await main();
