import { z } from 'zod';
import { Model, ModelName, NewModelVersion } from './models.ts';

/** A file that a client is sending, piece by piece. It waits for the rest until `expiresAt`, also over a restart. */
export const Upload = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  /** Absolute path of the file that whoever receives the bytes appends them to. */
  path: z.string(),
  /** Bytes that are there, and that there will be. */
  received: z.number().int(),
  bytes: z.number().int(),
  /** Unix time in milliseconds; each byte puts it off. */
  expiresAt: z.number().int(),
});
export type Upload = z.infer<typeof Upload>;

const one = z.object({ uploadId: z.string().min(1).max(64) });

export const uploadMethods = {
  /** Throws `storage_full` when the disk has no room for all of it. */
  'upload/start': {
    params: z.object({
      name: ModelName,
      version: NewModelVersion.default('latest'),
      bytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'not 64 lower-case hexadecimal digits')
        .optional(),
      /** What the file is called; its ending tells the format where its bytes do not. */
      fileName: z.string().min(1).max(255).optional(),
      alias: ModelName.optional(),
    }),
    result: z.object({ upload: Upload }),
  },
  'upload/show': { params: one, result: z.object({ upload: Upload }) },
  /**
   * Takes the file into the store. `wrong_state` before all of it is there; `content_differs`, and the upload is gone,
   * when it is not what was announced.
   */
  'upload/finish': { params: one, result: z.object({ model: Model, existed: z.boolean() }) },
  'upload/cancel': { params: one, result: z.object({}) },
} as const;
