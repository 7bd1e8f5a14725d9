import { z } from 'zod';
import {
  ApiOptions,
  OspainError,
  type Setting,
  type SettingOrigin,
  Trust,
  WorkerRuntimeName,
} from '../protocol/index.ts';

/** What whoever starts the server may choose; unknown keys are refused so that a typo is seen. */
export const Settings = z.strictObject({
  /** GGUF files of the person's own; the first becomes the default model. */
  models: z.array(z.string()).default([]),
  /** Threads that one worker computes with; 0 chooses. */
  threads: z.number().int().min(0).max(256).default(0),
  /** How many tasks are worked on at one moment; those of one model speak side by side. */
  parallelTasks: z.number().int().min(1).max(64).default(4),
  /** Megabytes of memory that all models of this server together may take; 0 is as much as there is. */
  memoryMb: z.number().int().min(0).max(100_000_000).default(0),
  /** Minutes after which a model that nobody asked for leaves the memory; 0 is never. */
  idleMinutes: z.number().int().min(0).max(100_000).default(30),
  /** Whether models may be computed by a graphics processor: `auto` uses one that is there. */
  gpu: z.enum(['auto', 'off']).default('auto'),
  /** Where workers run. */
  workers: z.strictObject({ runtime: WorkerRuntimeName.default('process') }).prefault({}),
  /** How long a task stays claimed by a server that stopped answering, in milliseconds. */
  leaseMs: z.number().int().min(1000).default(30_000),
  /** Longest wait before the first retry of a failed attempt, in milliseconds; doubles with each. */
  retryMs: z.number().int().min(0).default(1000),
  /** How many days an ended task keeps the text as it was streamed; its turns, its result and its edits stay. */
  retentionDays: z.number().int().min(0).max(36_500).default(30),
  /** Size of the database, in megabytes, above which the oldest ended tasks give that text up sooner. */
  retentionMb: z.number().int().min(1).max(1_000_000).default(1000),
  /** Whether the person trusts the folder. */
  trust: Trust.default('assumed'),
  /** Megabytes that the evaluated conversations of tasks that stand still may take on the disk; 0 keeps none. */
  parkedMb: z.number().int().min(0).max(1_000_000).default(2000),
  /** Minutes without a request of a person after which everything is locked, where a passphrase is set; 0 is never. */
  lockAfterMinutes: z.number().int().min(0).max(100_000).default(0),
  /** Tokens that a model which thinks may think before each of its calls in a task; 0 for none. */
  thinkingTokens: z.number().int().min(0).max(100_000).default(512),
  /** The index of the workspace's code. */
  codeIndex: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
  /** Shell commands of agents. */
  commands: z
    .strictObject({
      /** Seconds that one may take. */
      timeoutSeconds: z.number().int().min(1).max(86_400).default(300),
      /** Megabytes of memory that its processes may take together. */
      memoryMb: z.number().int().min(64).max(10_000_000).default(8192),
      /** Megabytes that it may write; they lie in memory. */
      scratchMb: z.number().int().min(1).max(1_000_000).default(2048),
      /** Processes at one moment. */
      processes: z.number().int().min(8).max(100_000).default(1024),
      /** Absolute paths of folders that it may read besides the workspace, the system's programs and known toolchains. */
      readable: z.array(z.string()).default([]),
      /** On Windows. */
      shell: z.enum(['powershell', 'cmd']).default('powershell'),
    })
    .prefault({}),
  /** Inline completion. */
  completion: z
    .strictObject({
      enabled: z.boolean().default(true),
      onBattery: z.boolean().default(false),
      delayMs: z.number().int().min(0).max(10_000).default(150),
    })
    .prefault({}),
  /** Shows actions above functions and classes, in editors that are told so by the protocol. */
  codeLens: z.boolean().default(false),
  /** Serves the API for other programs from the start. */
  api: ApiOptions.strict().nullable().default(null),
});
export type Settings = z.infer<typeof Settings>;

/** Settings from outside; throws `invalid_params` with the names of what is wrong. */
export function readSettings(value: unknown): Settings {
  const parsed = Settings.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const what = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`).join('; ');
  throw new OspainError('invalid_params', `The server's settings were not understood. ${what}`);
}

/** Each setting by itself. `origin`: who chose those that are not as they would be without. */
export function explainSettings(settings: Settings, origin: Exclude<SettingOrigin, 'default'>): Setting[] {
  const defaults = new Map(leaves(readSettings({})));
  return leaves(settings).map(([name, value]) => {
    const byDefault = defaults.get(name) ?? null;
    const chosen = JSON.stringify(value) !== JSON.stringify(byDefault);
    return { name, value, default: byDefault, origin: chosen ? origin : 'default' };
  });
}

/** The API is one setting: there or not. */
const leaves = (settings: Settings): [name: string, value: Setting['value']][] =>
  Object.entries(settings).flatMap(([name, value]) =>
    name !== 'api' && typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([inner, one]): [string, Setting['value']] => [`${name}.${inner}`, one])
      : [[name, value as Setting['value']]],
  );
