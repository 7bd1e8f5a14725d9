/** The licences of what was bundled: their packages' own files do not come along, so their texts must. */
import { readFile } from 'node:fs/promises';
import type { Metafile } from 'esbuild';
import { inputPath } from '../bundles.ts';
import { inRepository } from '../paths.ts';
import { licencesIn, packageFolder } from './llamaFiles.ts';

/** One text for all packages that the bundles hold a part of. */
export async function notices(built: Iterable<Metafile>): Promise<string> {
  const inputs = [...built].flatMap((metafile) => Object.keys(metafile.inputs).map(inputPath));
  const folders = new Set(inputs.filter((input) => input.startsWith('node_modules/')).map(packageFolder));
  const parts = await Promise.all([...folders].sort().map(notice));
  return `OSPAiN2 holds parts of these packages.\n\n${parts.join('\n')}`;
}

async function notice(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(inRepository(folder, 'package.json'), 'utf8'));
  const texts = await Promise.all((await licencesIn(folder)).map((file) => readFile(inRepository(file), 'utf8')));
  return [`== ${name} ${version} (${license})`, ...texts.map((text) => text.trim()), ''].join('\n');
}
