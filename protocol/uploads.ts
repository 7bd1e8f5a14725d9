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
  /**
   * Sends a file to the registry of another OSPAiN2, through broken connections, and again where it was. Throws that
   * one's own errors.
   */
  'upload/send': {
    params: z.object({
      /** Chosen by the caller, to tell its `model/didProgress` apart: it is read once, then sent. */
      requestId: z.string().min(1).max(128).optional(),
      /** Absolute. */
      path: z.string().min(1).max(4096),
      name: ModelName,
      version: NewModelVersion.default('latest'),
      alias: ModelName.optional(),
      /** Such as `http://192.168.1.5:3100`; plain http only to this network. */
      url: z.string().min(1).max(2048),
      /** Of that one's API; never written down. */
      token: z.string().min(1).max(4096),
    }),
    /** `existed`: it had the same bytes as that version already. */
    result: z.object({ name: z.string(), version: z.string(), sha256: z.string(), existed: z.boolean() }),
  },
} as const;
