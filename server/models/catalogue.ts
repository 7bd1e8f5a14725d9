import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CatalogueEntry, type ModelTask, OspainError } from '../../protocol/index.ts';

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
