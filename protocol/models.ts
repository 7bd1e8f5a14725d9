import { z } from 'zod';

/** How much a model must be told: `full` (7B and more), `small` (1B to 7B), `tiny` (the embedded model). */
export const Profile = z.enum(['full', 'small', 'tiny']);
export type Profile = z.infer<typeof Profile>;

/** Only GGUF runs; the others are stored, versioned and served. */
export const ModelFormat = z.enum(['gguf', 'onnx', 'safetensors', 'pytorch']);
export type ModelFormat = z.infer<typeof ModelFormat>;

/** Speed of one version on this machine. */
export const ModelBenchmark = z.object({
  /** Tokens a second of an evaluated prompt, and of an answer. */
  promptRate: z.number(),
  decodeRate: z.number(),
  /** Milliseconds from nothing to ready. */
  loadMs: z.number(),
  /** Bytes of memory that the worker held while it spoke. */
  memoryBytes: z.number().int(),
  threads: z.number().int(),
  at: z.number().int(),
});
export type ModelBenchmark = z.infer<typeof ModelBenchmark>;

/** One version of a model. */
export const Model = z.object({
  name: z.string(),
  version: z.string(),
  /** Names that lead to this version, such as `default`. */
  aliases: z.array(z.string()),
  tags: z.array(z.string()),
  format: ModelFormat,
  /** Absolute path of the model file; of the first one where it is split. */
  artifact: z.string(),
  bytes: z.number().int(),
  /** Of the file, in hexadecimal; null for a file that stays where the person keeps it and was never hashed. */
  sha256: z.string().nullable(),
  architecture: z.string().nullable(),
  /** How many weights it has. */
  parameters: z.number().int().nullable(),
  /** By its usual name, such as `Q4_K_M`. */
  quantization: z.string().nullable(),
  /** Tokens that fit one conversation. */
  contextLength: z.number().int(),
  profile: Profile,
  licence: z.string().nullable(),
  /** Where it came from, as a person typed it. */
  source: z.string().nullable(),
  embedded: z.boolean(),
  /** Never unloaded to make room. */
  pinned: z.boolean(),
  /** Bytes of memory that it takes when it is loaded; an estimate. */
  memoryBytes: z.number().int().nullable(),
  benchmark: ModelBenchmark.nullable(),
  state: z.enum(['idle', 'loading', 'ready', 'failed']),
  /** Why it is not tried again before its file changes, in one sentence. */
  problem: z.string().nullable(),
  /** Unix time in milliseconds of the last load; null when it never was. */
  loadedAt: z.number().int().nullable(),
  createdAt: z.number().int(),
});
export type Model = z.infer<typeof Model>;

export const modelMethods = {
  'model/list': { params: z.object({}), result: z.object({ models: z.array(Model) }) },
} as const;

export const modelNotifications = {
  /** Server to every client, when a model was loaded, unloaded or changed: a whole snapshot. */
  'model/didChange': z.object({ model: Model }),
} as const;
