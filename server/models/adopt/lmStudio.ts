import { join } from 'node:path';
import { type FoundFile, type FoundModel, modelName, quantisationIn, wholeModels } from './foundModel.ts';
import { filesBelow, sizeOf, type Walk } from './walk.ts';

/** What LM Studio holds: `PUBLISHER/REPOSITORY/….gguf`. */
export async function findLmStudio(walk: Walk, models: string): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  for (const publisher of await walk.folders(models))
    for (const repository of await walk.folders(join(models, publisher))) {
      const folder = join(models, publisher, repository);
      const files: FoundFile[] = [];
      for (const name of await filesBelow(walk, folder, '.gguf', 1)) {
        const bytes = await sizeOf(join(folder, name));
        if (bytes !== undefined) files.push({ path: join(folder, name), name, bytes, sha256: undefined });
      }
      for (const whole of wholeModels(files)) found.push(toModel('LM Studio', repository, whole));
    }
  return found;
}

export function toModel(program: FoundModel['program'], repository: string, files: FoundFile[]): FoundModel {
  const name = modelName(repository.replace(/[-_.]gguf$/i, ''));
  return { program, name, tag: quantisationIn(files[0]?.name ?? ''), files };
}
