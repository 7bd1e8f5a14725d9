import { z } from 'zod';
import { Profile } from './models.ts';

export const ModelTask = z.enum(['chat', 'code', 'fill', 'embed']);
export type ModelTask = z.infer<typeof ModelTask>;

/** A model that others made and that may be worth a try. Only its name is known here: nobody here fetched or ran it. */
export const CatalogueEntry = z.strictObject({
  name: z.string(),
  /** What `pull/start` takes. */
  source: z.string(),
  tasks: z.array(ModelTask).min(1),
  /** Of the machine, in GiB, that it is thought for. */
  memory: z.union([z.literal(4), z.literal(8), z.literal(16), z.literal(32)]),
  profile: Profile,
  /** As its maker says; SPDX where there is such a name. */
  licence: z.string(),
});
export type CatalogueEntry = z.infer<typeof CatalogueEntry>;

export const catalogueMethods = {
  /** Models that this machine has the memory for, those for the largest first. */
  'model/catalogue': {
    params: z.object({ task: ModelTask.default('code') }),
    result: z.object({ models: z.array(CatalogueEntry), note: z.string() }),
  },
} as const;
