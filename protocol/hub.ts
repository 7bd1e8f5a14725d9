import { z } from 'zod';
import { WireError } from './errors.ts';

/** Counts up with each request of a line. */
const FrameId = z.int().min(1);

/** Hub to server: a request, or that its answer is not wanted any more. */
export const ClientFrame = z.union([
  z.strictObject({ id: FrameId, cancel: z.literal(true) }),
  z.strictObject({ id: FrameId, method: z.string(), params: z.unknown().optional() }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

/** Server to hub: what became of a request, or a notification of the table. A request that was given up is answered too. */
export const ServerFrame = z.union([
  z.strictObject({ id: FrameId, result: z.unknown() }),
  z.strictObject({ id: FrameId, error: WireError }),
  z.strictObject({ method: z.string(), params: z.unknown() }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

/** Where the line is, below the address of the API. It takes text messages, each a frame as JSON. */
export const LINE_PATH = '/hub/line';

/** How the server closes a line whose session has ended: another one would be refused (RFC 6455 leaves 4000 to 4999 to programs). */
export const SIGNED_OUT = 4401;

export const hubMethods = {
  /**
   * A link that lets one browser of this machine in: it works once, until `expiresAt` (Unix milliseconds). The API is what serves the
   * hub: while it is not served this throws `wrong_state`, or starts it with `serve`, at a port that is the same each time if it is free.
   */
  'hub/open': {
    params: z.object({ serve: z.boolean().default(false) }),
    result: z.object({ url: z.string(), expiresAt: z.number().int() }),
  },
  /** Ends the sessions of all browsers, and makes links that were not used yet worthless. */
  'hub/signOut': { params: z.object({}), result: z.object({ sessions: z.number().int() }) },
} as const;
