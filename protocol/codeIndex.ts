import { z } from 'zod';

/** Lines of a file that answer a question. Lines count from 1, the last one is in it. */
export const CodeMatch = z.object({
  path: z.string(),
  from: z.number().int(),
  to: z.number().int(),
  /** The definition that they belong to, with the names around it. */
  name: z.string().nullable(),
  /** What found it: the name of a definition, words, or what an embedding model makes of the meaning. */
  by: z.array(z.enum(['name', 'words', 'meaning'])),
});
export type CodeMatch = z.infer<typeof CodeMatch>;

export const CodeIndexStatus = z.object({
  /** `off` by a setting; `broken` when its database cannot be used. */
  state: z.enum(['off', 'broken', 'working', 'ready']),
  files: z.number().int(),
  chunks: z.number().int(),
  symbols: z.number().int(),
  /** Chunks with a direction, by the model of the alias `embed`; 0 without one. */
  embedded: z.number().int(),
  /** That model, as name@version. */
  embedder: z.string().nullable(),
  /** Whether all files are looked at: very large workspaces are not. */
  complete: z.boolean(),
  /** Bytes on disk. */
  bytes: z.number().int(),
  /** When it was last brought up to date; Unix milliseconds, 0 for never. */
  updatedAt: z.number().int(),
});
export type CodeIndexStatus = z.infer<typeof CodeIndexStatus>;

export const codeIndexMethods = {
  /** The places in the workspace that a question is about; those of the last few seconds are in it. */
  'codeIndex/search': {
    params: z.object({
      query: z.string().trim().min(1).max(2000),
      limit: z.number().int().min(1).max(100).default(10),
    }),
    result: z.object({ matches: z.array(CodeMatch) }),
  },
  'codeIndex/status': { params: z.object({}), result: z.object({ index: CodeIndexStatus }) },
  /** Brings it up to date now, and answers when it is; `anew` throws away what there is first. */
  'codeIndex/refresh': {
    params: z.object({ anew: z.boolean().default(false) }),
    result: z.object({
      index: CodeIndexStatus,
      read: z.number().int(),
      changed: z.number().int(),
      gone: z.number().int(),
    }),
  },
} as const;
