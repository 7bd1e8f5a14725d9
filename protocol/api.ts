import { z } from 'zod';

/** HTTP on TCP for other programs, while it is served. */
export const Api = z.object({
  /** Its address on this machine, without a path. */
  url: z.string(),
  port: z.number().int(),
  /** Whether other machines reach it. */
  lan: z.boolean(),
  /** Its addresses for other machines, without a path; empty unless `lan`. */
  addresses: z.array(z.string()),
  /** The file with the token that every request needs. */
  tokenFile: z.string(),
});
export type Api = z.infer<typeof Api>;

/** What whoever starts it chooses; port 0 takes a free one. */
export const ApiOptions = z.object({
  port: z.number().int().min(0).max(65_535).default(3100),
  lan: z.boolean().default(false),
});
export type ApiOptions = z.output<typeof ApiOptions>;

const TokenFile = z.object({ tokenFile: z.string() });

export const apiMethods = {
  'api/show': { params: z.object({}), result: z.object({ api: Api.nullable() }) },
  /** Answers at once when it is served so already; throws `wrong_state` when otherwise, `conflict` for a taken port. */
  'api/start': { params: ApiOptions, result: z.object({ api: Api }) },
  'api/stop': { params: z.object({}), result: z.object({}) },
  /** Where the token is; it is made when there is none. One token serves all workspaces of a user. */
  'api/showToken': { params: z.object({}), result: TokenFile },
  /** Makes a new token; from then on the old one is refused. */
  'api/rotateToken': { params: z.object({}), result: TokenFile },
} as const;

export const apiNotifications = {
  /** Server to every client, when the API was started or stopped. */
  'api/didChange': z.object({ api: Api.nullable() }),
} as const;
