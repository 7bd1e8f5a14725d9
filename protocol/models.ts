import { z } from 'zod';

/** How much a model must be told: `full` (7B and more), `small` (1B to 7B), `tiny` (the embedded model). */
export const Profile = z.enum(['full', 'small', 'tiny']);
export type Profile = z.infer<typeof Profile>;

export const Model = z.object({
  name: z.string(),
  version: z.string(),
  /** Names that lead to this version, such as `default`. */
  aliases: z.array(z.string()),
  /** Absolute path of the model file. */
  artifact: z.string(),
  bytes: z.number().int(),
  /** Tokens that fit one conversation. */
  contextLength: z.number().int(),
  profile: Profile,
  embedded: z.boolean(),
  state: z.enum(['idle', 'loading', 'ready', 'failed']),
  /** Unix time in milliseconds of the last load; null when it never was. */
  loadedAt: z.number().int().nullable(),
});
export type Model = z.infer<typeof Model>;

export const modelMethods = {
  'model/list': { params: z.object({}), result: z.object({ models: z.array(Model) }) },
} as const;

export const modelNotifications = {
  /** Server to every client, when a model was loaded, unloaded or changed: a whole snapshot. */
  'model/didChange': z.object({ model: Model }),
} as const;
