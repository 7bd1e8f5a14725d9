import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { type AdoptableModel, type Model, OspainError, type ParsedParams } from '../../protocol/index.ts';
import { type AdoptOptions, findAdoptable } from './adopt/adopt.ts';
import type { FoundModel } from './adopt/foundModel.ts';
import type { Added, Imports } from './imports.ts';
import type { Registry } from './registry.ts';
import { keyOf } from './rows.ts';

/** Models that other programs hold on this disk, taken over without copying them. */
export interface Adoption {
  list(): Promise<{ models: AdoptableModel[]; isCut: boolean }>;
  adopt(
    asked: Omit<ParsedParams<'model/adopt'>, 'requestId'>,
    work: { signal: AbortSignal; onProgress(done: number, total: number): void },
  ): Promise<Added>;
}

interface AdoptionDeps extends AdoptOptions {
  registry: Pick<Registry, 'list'>;
  imports: Pick<Imports, 'run'>;
}

export function createAdoption({ registry, imports, ...where }: AdoptionDeps): Adoption {
  return {
    async list() {
      const { models, isCut } = await findAdoptable(where);
      const held = registry.list();
      return { models: models.flatMap((found) => toAdoptable(found, held) ?? []), isCut };
    },
    async adopt({ path, name, version, alias }, work) {
      // Found anew: a path from outside could lead anywhere.
      const { models } = await findAdoptable(where);
      const found = models.find(({ files }) => files[0]?.path === path);
      if (found === undefined)
        throw new OspainError('not_found', 'No other program holds a model there any more.', {
          hint: 'List again what can be adopted.',
        });
      const source = [found.program, [found.name, found.tag].filter(Boolean).join(':')].join(' ');
      const asked = { name: name ?? found.name, version, alias, source };
      const files = found.files.map((file) => ({ path: file.path, name: basename(file.name) }));
      return imports.run({ path, files, how: 'link', ...asked, ...work });
    },
  };
}

function toAdoptable({ program, name, tag, files }: FoundModel, held: readonly Model[]): AdoptableModel | undefined {
  const [first] = files;
  if (first === undefined) return undefined;
  const same = held.find(
    (model) =>
      (files.length === 1 && model.sha256 !== null && model.sha256 === first.sha256) ||
      isSameFile(model.artifact, first.path),
  );
  return {
    ...{ program, name, tag: tag ?? null, path: first.path, files: files.length },
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    adopted: same === undefined ? null : keyOf(same),
  };
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}
