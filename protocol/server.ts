import { z } from 'zod';
import { KeyStore } from './keys.ts';

/** Grows with every change of the protocol that an older client could not read. */
export const PROTOCOL_VERSION = 1;

/** What holds a model. */
const WorkerStatus = z.object({
  /** The process as this machine sees it; null where it does not. */
  pid: z.number().int().nullable(),
  /** The name of the container that it is in; null where it is in none. */
  container: z.string().nullable(),
  model: z.string(),
  version: z.string(),
  state: z.enum(['starting', 'idle', 'busy']),
  /** Conversations that speak at this moment, and that there is room for. */
  conversations: z.object({ used: z.number().int(), all: z.number().int() }),
  /** Requests that wait: for the model, or for a conversation. */
  waiting: z.number().int(),
  /** Bytes of memory that the process takes, with the model's file as far as it is there; null where nobody can tell. */
  memoryBytes: z.number().int().nullable(),
  /** That it computes with; null before it is loaded. */
  threads: z.number().int().nullable(),
  /** What computes besides the processor, such as `metal`; null for nothing, and before it is loaded. */
  gpu: z.string().nullable(),
  /** Tokens a second of one conversation, over the last answers; null before the first. */
  decodeRate: z.number().nullable(),
});

/**
 * Whether the person trusts the folder. In an `untrusted` one tasks only read. `assumed`: nobody said so, as on the command
 * line, where whoever names a folder means to work in it.
 */
export const Trust = z.enum(['trusted', 'assumed', 'untrusted']);
export type Trust = z.infer<typeof Trust>;

/** Where workers run: as child processes of the server, or in containers. */
export const WorkerRuntimeName = z.enum(['process', 'container']);
export type WorkerRuntimeName = z.infer<typeof WorkerRuntimeName>;

export const ServerStatus = z.object({
  version: z.string(),
  protocol: z.number().int(),
  pid: z.number().int(),
  node: z.string(),
  workspace: z.string(),
  trust: Trust,
  dataFolder: z.string(),
  /** Where the database key is kept. `file` is weaker: whoever reads the home folder reads the key. */
  keyStore: KeyStore,
  cipher: z.string(),
  /** Address of the local socket for the command line; null when another server of the workspace holds it. */
  socket: z.string().nullable(),
  /** Where workers run. */
  workerRuntime: WorkerRuntimeName,
  tasks: z.record(z.string(), z.number().int()),
  workers: z.array(WorkerStatus),
  /** Things the person should know, each one sentence. */
  warnings: z.array(z.string()),
  startedAt: z.number().int(),
});
export type ServerStatus = z.infer<typeof ServerStatus>;

/** Who chose what the server runs with; `default` also where somebody chose just that. */
export const SettingOrigin = z.enum(['default', 'editor', 'environment', 'program']);
export type SettingOrigin = z.infer<typeof SettingOrigin>;

/** One thing that whoever starts the server may choose. */
export const Setting = z.object({
  /** As the server calls it, with a dot inside of a group. */
  name: z.string(),
  value: z.json(),
  default: z.json(),
  origin: SettingOrigin,
});
export type Setting = z.infer<typeof Setting>;

export const serverMethods = {
  /** For a client in which the person changed their mind; it holds for this server until it ends. */
  'server/trust': { params: z.object({ trust: Trust }), result: z.object({ trust: Trust }) },
  /** What this server runs with; it keeps that until it ends. */
  'server/settings': { params: z.object({}), result: z.object({ settings: z.array(Setting) }) },
  'server/status': { params: z.object({}), result: ServerStatus },
  /** Everything a bug report needs and nothing a person wrote: no task text, no file content, no prompt. */
  'server/diagnostics': { params: z.object({}), result: z.object({ text: z.string() }) },
} as const;

export const serverNotifications = {
  /** Server to every client: a sentence for the log, never with task text or file content. */
  'server/didLog': z.object({ level: z.enum(['error', 'warn', 'info', 'debug']), message: z.string() }),
} as const;
