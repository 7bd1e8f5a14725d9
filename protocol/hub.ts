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

/**
 * Cookies reach every port of a host, and so whatever other server the person visits there. So the cookie is one half of a session, and
 * the proof the other: the page keeps it where only its own origin reads, and shows it in this header, or as a sub-protocol of the line.
 */
export const PROOF_HEADER = 'x-ospain2-proof';
const PROOF_PROTOCOL = 'ospain2.proof.';

/** The sub-protocols that a browser names when it opens the line; the server takes the first. */
export const lineProtocols = (proof: string): string[] => ['ospain2.hub', `${PROOF_PROTOCOL}${proof}`];

/** The proof that a request shows, by its headers. */
export const proofIn = (headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined => {
  const asProtocol = String(headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .find((name) => name.startsWith(PROOF_PROTOCOL))
    ?.slice(PROOF_PROTOCOL.length);
  const asHeader = headers[PROOF_HEADER];
  return typeof asHeader === 'string' ? asHeader : asProtocol;
};

/** What `GET /hub/session` answers to anybody on this machine. */
export const HubSession = z.object({
  /** The same for each server of a workspace. What a page keeps of one is nothing for another. */
  workspace: z.string(),
  /** Until when this browser is let in, in Unix milliseconds; null when it is not. */
  expiresAt: z.number().int().nullable(),
});
export type HubSession = z.infer<typeof HubSession>;

/** What follows `#` at the page to which a link leads. */
export const entryFragment = (workspace: string, proof: string): string => `entered=${workspace}.${proof}`;

/** The reverse; undefined for another fragment. */
export function readEntryFragment(fragment: string): { workspace: string; proof: string } | undefined {
  const [, workspace, proof] = /^#?entered=([\da-f]{16})\.([\w-]{43})$/.exec(fragment) ?? [];
  return workspace === undefined || proof === undefined ? undefined : { workspace, proof };
}

/** Where the line is, below the address of the API. It takes text messages, each a frame as JSON. */
export const LINE_PATH = '/hub/line';

/** How the server closes a line whose session has ended: another one would be refused (RFC 6455 leaves 4000 to 4999 to programs). */
export const SIGNED_OUT = 4401;

/** How it closes one that does not read what it is sent. Another may be opened at once; what was missed is asked for (`task/events`). */
export const TOO_SLOW = 4408;

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
