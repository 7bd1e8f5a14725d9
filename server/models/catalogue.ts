import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { OspainError, Profile } from '../../protocol/index.ts';

export const ModelTask = z.enum(['chat', 'code', 'fill', 'embed']);
export type ModelTask = z.infer<typeof ModelTask>;

/** A model that others made and that may be worth a try. Only its name is known here: nobody here fetched or ran it. */
const CatalogueEntry = z.strictObject({
  name: z.string(),
  /** What `pull` takes. */
  source: z.string(),
  tasks: z.array(ModelTask).min(1),
  /** Of the machine, in GiB, that it is thought for. */
  memory: z.union([z.literal(4), z.literal(8), z.literal(16), z.literal(32)]),
  profile: Profile,
  /** As its maker says; SPDX where there is such a name. */
  licence: z.string(),
});
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;

const Catalogue = z.strictObject({
  note: z.string(),
  verified: z.literal(false),
  /** Better ones first. */
  models: z.array(CatalogueEntry).min(1),
});
export type Catalogue = z.infer<typeof Catalogue>;

const GIB = 2 ** 30;
/** A machine sold with 16 GB reports less: firmware and graphics take their part. */
const SHARE = 0.85;

/** Throws `internal`: the file is a part of the product. */
export function readCatalogue(path: string): Catalogue {
  try {
    return Catalogue.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new OspainError('internal', 'The catalogue of models cannot be read.', {
      hint: 'Install OSPAiN2 again.',
      cause,
    });
  }
}

/** What fits a machine, those for the largest memory first. `memoryBytes` is all of its memory. */
export function recommend(
  { models }: Catalogue,
  { memoryBytes, task }: { memoryBytes: number; task: ModelTask },
): CatalogueEntry[] {
  return models
    .filter(({ tasks, memory }) => tasks.includes(task) && memory * GIB * SHARE <= memoryBytes)
    .sort((one, other) => other.memory - one.memory);
}
