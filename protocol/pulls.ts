import { z } from 'zod';
import { WireError } from './errors.ts';
import { ModelName, NewModelVersion } from './models.ts';

/**
 * `interrupted`: the server that fetched it is gone; what was fetched is kept, as it is after a failure. The last three
 * are ends, but for a failure or a cancellation that is taken up again.
 */
export const PullState = z.enum(['queued', 'running', 'interrupted', 'failed', 'done', 'cancelled']);
export type PullState = z.infer<typeof PullState>;

/** A model that is being fetched from another machine. */
export const Pull = z.object({
  id: z.string(),
  /** As a person typed it. */
  source: z.string(),
  /** What was asked for; null leaves it to the source. */
  name: z.string().nullable(),
  version: z.string(),
  alias: z.string().nullable(),
  state: PullState,
  /** Bytes that are there, and of all files where that is known. */
  received: z.number().int(),
  total: z.number().int().nullable(),
  /** Over the last seconds; 0 when nothing is fetched. */
  bytesPerSecond: z.number(),
  error: WireError.nullable(),
  /** The version that it became, as `name@version`. */
  model: z.string().nullable(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type Pull = z.infer<typeof Pull>;

/** What it is to become. `latest` is the version that the source tells, where that is free, and else the next one here. */
const becomes = {
  name: ModelName.optional(),
  version: NewModelVersion.optional(),
  alias: ModelName.optional(),
};

/** What a person agrees to besides the hosts of the source; never written down. */
const consent = {
  /** For Hugging Face, or for the other registry. */
  token: z.string().min(1).max(4096).optional(),
  /** Other hosts that the source may lead to. */
  hosts: z.array(z.string().min(1).max(255)).max(16).default([]),
  /** Plain http to the open internet. */
  plainHttp: z.boolean().default(false),
};
const one = { pullId: z.string().min(1).max(64) };
const pull = z.object({ pull: Pull });

export const pullMethods = {
  /**
   * Fetches `hf:org/repo:Q4_K_M`, an address, or `ospain2://host:port/name@version`, and takes it into the store. One of
   * the same source that is under way is answered instead of a second one.
   */
  'pull/start': {
    params: z.object({
      source: z.string().min(1).max(2048),
      ...becomes,
      version: NewModelVersion.default('latest'),
      licence: z.string().max(256).optional(),
      ...consent,
    }),
    result: pull,
  },
  /** Newest first. */
  'pull/list': { params: z.object({}), result: z.object({ pulls: z.array(Pull) }) },
  'pull/show': { params: z.object(one), result: pull },
  /** Gives it up, and what was fetched. */
  'pull/cancel': { params: z.object(one), result: pull },
  /** Goes on with one that is not under way, behind what was fetched; what it is to become may be said anew. */
  'pull/resume': { params: z.object({ ...one, ...becomes, ...consent }), result: pull },
} as const;

export const pullNotifications = {
  /** Server to every client: about once a second while it is fetched, and when its state changes. */
  'pull/didChange': z.object({ pull: Pull }),
} as const;
