import { z } from 'zod';

/** What is written down, a noun and what happened to it. docs/audit.md says of each when, and with which details. */
export const AuditType = z.enum([
  'secret.hidden',
  'server.started',
  'server.stopped',
  'egress.opened',
  'egress.closed',
  'egress.refused',
  'egress.allowed',
  'pull.asked',
  'model.loaded',
  'mcp.allowed',
  'mcp.withdrawn',
  'mcp.called',
  'trust.set',
  'rule.added',
  'rule.removed',
  'approval.asked',
  'approval.answered',
  'file.written',
  'command.begun',
  'command.ended',
  'key.made',
  'key.rotated',
  'key.recovered',
  'key.locked',
  'key.unlocked',
  'key.changed',
  'hub.ticketMade',
  'hub.ticketUsed',
  'hub.ticketRefused',
  'hub.signedOut',
  'api.started',
  'api.stopped',
  'token.shown',
  'token.rotated',
  'backup.created',
  'backup.exported',
  'backup.restored',
  'audit.exported',
  'audit.pruned',
]);
export type AuditType = z.infer<typeof AuditType>;

/** The log of this folder's database, or of the user's, which is about models, other machines, the API and the hub. */
export const AuditLogName = z.enum(['workspace', 'user']);
export type AuditLogName = z.infer<typeof AuditLogName>;

/** One thing that happened; `hash` is made of all fields but itself and `log`, as docs/audit.md says. */
export const AuditEntry = z.object({
  log: AuditLogName,
  /** A name that no other chain has. */
  chain: z.string(),
  /** From 1, without gaps, in the order of commits. */
  number: z.number().int(),
  at: z.number().int(),
  type: AuditType,
  /** `editor`, `hub`, `local`, `api`, `task 12` or `server`. */
  actor: z.string(),
  /** A path, a host, the number of a task. */
  subject: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  previous: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/**
 * The first thing that is wrong with a chain, and with which entry: it was altered, is missing, stands in another's place,
 * was added where none may be; all from it on are cut off; the head does not say
 * what it was sealed with; or it is another chain altogether.
 */
export const AuditBreak = z.object({
  number: z.number().int(),
  what: z.enum(['altered', 'missing', 'reordered', 'inserted', 'truncated', 'head', 'replaced']),
});
export type AuditBreak = z.infer<typeof AuditBreak>;

/** A chain as it was found. */
export const AuditVerdict = z.object({
  log: AuditLogName,
  chain: z.string(),
  /** Entries that are whole and in their place, up to the break. */
  entries: z.number().int(),
  /** Of the last entry, as the head says; noted down elsewhere, it tells later whether the chain still has it. */
  number: z.number().int(),
  hash: z.string(),
  /** So many of the first entries were pruned. */
  pruned: z.number().int(),
  broken: AuditBreak.nullable(),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;

/** Only entries before these numbers, by log: the next page. */
const AuditCursor = z.object({ workspace: z.number().int(), user: z.number().int() });

/** What was written. */
const Exported = z.object({ path: z.string(), bytes: z.number().int(), entries: z.number().int() });

export const auditMethods = {
  /** Of both logs by time, newest first; `next` where there may be more. */
  'audit/list': {
    params: z.object({
      limit: z.number().int().min(1).max(1000).default(100),
      /** Unix milliseconds: only entries of then and later. */
      since: z.number().int().optional(),
      /** Types, or the nouns that they begin with. */
      types: z.array(z.string().max(40)).max(50).optional(),
      before: AuditCursor.optional(),
    }),
    result: z.object({ entries: z.array(AuditEntry), next: AuditCursor.nullable() }),
  },
  /** Reads both chains from end to end. */
  'audit/verify': { params: z.object({}), result: z.object({ logs: z.array(AuditVerdict) }) },
  /** Writes both chains as lines of JSON into a new file, which is not encrypted; docs/audit.md has a program that verifies it. */
  'audit/export': {
    params: z.object({ path: z.string().min(1), confirm: z.literal('plain text') }),
    result: Exported,
  },
  /** Drops entries from before a time, in Unix milliseconds; a checkpoint stays, so that the rest can be verified. */
  'audit/prune': {
    params: z.object({ before: z.number().int() }),
    result: z.object({ dropped: z.number().int() }),
  },
} as const;
