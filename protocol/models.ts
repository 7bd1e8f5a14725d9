import { z } from 'zod';

/** How much a model must be told: `full` (7B and more), `small` (1B to 7B), `tiny` (the embedded model). */
export const Profile = z.enum(['full', 'small', 'tiny']);
export type Profile = z.infer<typeof Profile>;

/** Letters, digits, `.`, `-` and `_`; it stands in addresses and commands as it is. An alias has the same form. */
export const ModelName = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9_](?:\.?[A-Za-z0-9_-])*$/, 'only letters, digits, single dots, - and _, at most 128');

/** As semver.org defines it, section 2 and 9 to 11. */
export const ModelVersion = z
  .string()
  .max(64)
  .regex(
    /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/,
    'not a semantic version such as 1.2.0',
  );

/** `latest` becomes the minor version after the newest one, and 1.0.0 at first. */
export const NewModelVersion = z.union([z.literal('latest'), ModelVersion]);

/** Leads to a version: a name (its newest version), `name@version`, `name@latest`, or an alias. */
export const ModelRef = z.string().min(1).max(256);

/** What a model can do besides going on with a text, as its file says. */
export const ModelAbility = z.enum(['chat', 'fill', 'embed']);
export type ModelAbility = z.infer<typeof ModelAbility>;

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
  /**
   * Of the file, in hexadecimal; of several files that of a list of theirs, each with a line feed. Null for a file that
   * stays where the person keeps it and was never hashed.
   */
  sha256: z.string().nullable(),
  architecture: z.string().nullable(),
  /** How many weights it has. */
  parameters: z.number().int().nullable(),
  /** By its usual name, such as `Q4_K_M`. */
  quantization: z.string().nullable(),
  abilities: z.array(ModelAbility),
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

export const ModelFile = z.object({
  /** What it was called where it came from. */
  name: z.string(),
  /** Absolute. */
  path: z.string(),
  bytes: z.number().int(),
  sha256: z.string().nullable(),
  /** `shared`: another program holds the same file; `elsewhere`: it lies where the person or another program keeps it. */
  kept: z.enum(['store', 'shared', 'elsewhere']),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** What a GGUF file says besides what `Model` holds; null where it does not tell. */
export const ModelFacts = z.object({
  title: z.string().nullable(),
  organization: z.string().nullable(),
  url: z.string().nullable(),
  /** Tokens that it was made for. */
  contextLength: z.number().int().nullable(),
  embeddingLength: z.number().int().nullable(),
  layers: z.number().int().nullable(),
  vocabularySize: z.number().int(),
  tokenizer: z.string().nullable(),
  /** How a gap to fill is written, by the family that does so; null also when it has tokens for it of its own. */
  fillFamily: z.string().nullable(),
});
export type ModelFacts = z.infer<typeof ModelFacts>;

/** How a file gets into the store: `link` shares the bytes with whoever holds them, or leaves them there. */
export const ImportMode = z.enum(['copy', 'move', 'link']);
export type ImportMode = z.infer<typeof ImportMode>;

const one = { model: ModelRef };
const changed = z.object({ model: Model });
/** Chosen by the caller, to tell its `model/didProgress` apart. */
const requestId = z.string().min(1).max(128).optional();

export const modelMethods = {
  /** `aliases` are all there are, `default` too where it leads to the embedded model only for want of another. */
  'model/list': { params: z.object({}), result: z.object({ models: z.array(Model) }) },
  'model/show': {
    params: z.object(one),
    result: z.object({
      model: Model,
      files: z.array(ModelFile),
      facts: ModelFacts.nullable(),
      /** Newest first. */
      benchmarks: z.array(ModelBenchmark),
    }),
  },
  /**
   * Takes a model file, or any part of a split one, into the store. The same bytes again are the same version; other
   * bytes under a version that is there are a `conflict`.
   */
  'model/import': {
    params: z.object({
      requestId,
      /** Absolute. */
      path: z.string().min(1).max(4096),
      /** From the name of the file when not given. */
      name: ModelName.optional(),
      version: NewModelVersion.default('latest'),
      alias: ModelName.optional(),
      how: ImportMode.default('copy'),
      licence: z.string().max(256).optional(),
      source: z.string().max(4096).optional(),
    }),
    /** `existed`: the same bytes were this version already. */
    result: z.object({ model: Model, existed: z.boolean() }),
  },
  /** Removes one version, the aliases that lead to it, and the files that nothing else names. */
  'model/remove': {
    params: z.object(one),
    result: z.object({
      name: z.string(),
      version: z.string(),
      aliases: z.array(z.string()),
      /** Bytes that became free in the store. */
      freed: z.number().int(),
    }),
  },
  /** Gets a model into memory before somebody asks it; tries one again that crashed or hung when it was loaded. */
  'model/load': {
    params: z.object(one),
    /** Milliseconds that it took; 0 for one that was loaded. */
    result: z.object({ model: Model, ms: z.number() }),
  },
  /** Takes a model out of memory at once, also a pinned one; tasks that it was working on try again. */
  'model/unload': {
    params: z.object(one),
    /** Whether it was loaded, and how many requests it was answering or had waiting. */
    result: z.object({ model: Model, unloaded: z.boolean(), interrupted: z.number().int() }),
  },
  /** A pinned model stays in memory once it is there: it makes no room for others, and does not leave when nobody asks it. */
  'model/pin': { params: z.object({ ...one, pinned: z.boolean() }), result: changed },
  'model/setAlias': { params: z.object({ alias: ModelName, ...one }), result: changed },
  'model/removeAlias': { params: z.object({ alias: ModelName }), result: z.object({}) },
  'model/tag': {
    params: z.object({
      ...one,
      add: z.array(ModelName).max(64).default([]),
      remove: z.array(ModelName).max(64).default([]),
    }),
    result: changed,
  },
  /** Reads every file of a version again. What is not as it was imported is its `problem` from then on. */
  'model/verify': {
    params: z.object({ requestId, ...one }),
    result: z.object({
      model: Model,
      files: z.array(ModelFile.extend({ found: z.enum(['whole', 'damaged', 'missing']) })),
    }),
  },
  /** Measures a version, loaded anew, and keeps what came of it; `wrong_state` while somebody works with it. */
  'model/benchmark': { params: z.object(one), result: z.object({ model: Model, benchmark: ModelBenchmark }) },
  /** Frees what no version names and nobody is about to. `dryRun` only counts. */
  'model/collect': {
    params: z.object({ dryRun: z.boolean().default(false) }),
    result: z.object({ files: z.number().int(), bytes: z.number().int() }),
  },
} as const;

export const modelNotifications = {
  /** Server to every client, when a model was loaded, unloaded or changed by whatever server: a whole snapshot. */
  'model/didChange': z.object({ model: Model }),
  /** Server to every client: a version is no longer there. */
  'model/didRemove': z.object({ name: z.string(), version: z.string() }),
  /** Server to the caller alone, while its files are read or written. Bytes. */
  'model/didProgress': z.object({ requestId: z.string().nullable(), done: z.number().int(), total: z.number().int() }),
} as const;
