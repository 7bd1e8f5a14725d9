import { z } from 'zod';
import { Model, ModelName, NewModelVersion } from './models.ts';

/** A model that another program holds on this disk. */
export const AdoptableModel = z.object({
  program: z.enum(['Ollama', 'LM Studio', 'Hugging Face']),
  /** What it could be called here. */
  name: z.string(),
  /** What the program tells its variants apart by. */
  tag: z.string().nullable(),
  /** Of its first file; absolute. It stands for the model. */
  path: z.string(),
  files: z.number().int(),
  bytes: z.number().int(),
  /** The version that holds the same file already, as `name@version`. */
  adopted: z.string().nullable(),
});
export type AdoptableModel = z.infer<typeof AdoptableModel>;

export const adoptionMethods = {
  'model/adoptable': {
    params: z.object({}),
    /** `isCut`: there was more than could be looked at. */
    result: z.object({ models: z.array(AdoptableModel), isCut: z.boolean() }),
  },
  /** Makes one a version without copying it: as another link to the file, or where it is. */
  'model/adopt': {
    params: z.object({
      /** Tells this request's `model/didProgress` apart. */
      requestId: z.string().min(1).max(128).optional(),
      path: z.string().min(1).max(4096),
      name: ModelName.optional(),
      version: NewModelVersion.default('latest'),
      alias: ModelName.optional(),
    }),
    result: z.object({ model: Model, existed: z.boolean() }),
  },
} as const;
