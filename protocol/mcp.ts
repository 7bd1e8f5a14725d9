import { z } from 'zod';

/**
 * `unasked` waits for a person's agreement; `idle` is started when it is needed; `failed` is tried again, later with each
 * time.
 */
export const McpState = z.enum(['unasked', 'idle', 'starting', 'ready', 'failed']);
export type McpState = z.infer<typeof McpState>;

/** A server of the Model Context Protocol whose tools agents may use. What it says of itself is its own claim. */
export const McpServer = z.object({
  /** As it is written down. */
  name: z.string(),
  /** `workspace`: it came with the folder. */
  source: z.enum(['user', 'workspace']),
  /** Where it is written down; absolute. */
  file: z.string(),
  /** The command, or the address, letter for letter, with the environment or the headers that go along. */
  runs: z.string(),
  /** Whether using it leaves this machine. */
  remote: z.boolean(),
  /** Whether a person has to agree before it is used: to what came with the folder, and to another machine. */
  needsAgreement: z.boolean(),
  state: McpState,
  /** Why it failed last, in a sentence. */
  why: z.string().nullable(),
  /** What the server says of its tools: that one only reads, or that it may destroy something. */
  tools: z.array(z.object({ name: z.string(), does: z.string(), readOnly: z.boolean(), destructive: z.boolean() })),
  /** Tools that cannot be used. */
  leftOut: z.array(z.object({ name: z.string(), why: z.string() })),
  /** Whether its tools that say that they only read are believed. */
  believed: z.boolean(),
});
export type McpServer = z.infer<typeof McpServer>;

/** What is written down and cannot be used. */
export const McpProblem = z.object({
  file: z.string(),
  /** The server's; null for the file itself. */
  name: z.string().nullable(),
  /** A sentence without its end. */
  why: z.string(),
});
export type McpProblem = z.infer<typeof McpProblem>;

const Servers = z.object({
  servers: z.array(McpServer),
  problems: z.array(McpProblem),
  /** Where a person writes their own; absolute. */
  userFile: z.string(),
});
export type McpServers = z.infer<typeof Servers>;
const Named = z.object({ name: z.string().min(1).max(64) });
const One = z.object({ server: McpServer });

export const mcpMethods = {
  'mcp/list': { params: z.object({}), result: Servers },
  /** A person agrees to run exactly this; `conflict` when it is written otherwise by now. */
  'mcp/allow': { params: Named.extend({ runs: z.string(), believed: z.boolean().default(false) }), result: One },
  /** Takes that back, and ends the server. */
  'mcp/forbid': { params: Named, result: One },
  /** Starts it now, or anew, and answers when its tools are known. */
  'mcp/restart': { params: Named, result: One },
  /** The last lines of its standard error. */
  'mcp/log': { params: Named, result: z.object({ lines: z.array(z.string()) }) },
} as const;

export const mcpNotifications = {
  /** Server to every client, when a server of these started, failed or ended: a whole snapshot. */
  'mcp/didChange': Servers,
} as const;
