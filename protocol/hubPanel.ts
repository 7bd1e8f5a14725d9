import type { ClientFrame, ServerFrame } from './hub.ts';

/*
 * What the hub and VS Code say to each other besides the frames for the server, which VS Code hands on without looking into
 * them. No zod here: VS Code's side loads it only with the server's client.
 */

/** What only VS Code can do for the hub, by the command's id: nothing else is run. */
export const hubCommands = [
  'ospain2.task.open',
  'ospain2.task.new',
  'ospain2.proposal.review',
  'ospain2.server.restart',
  'ospain2.server.showStatus',
  'ospain2.key.unlock',
  'ospain2.log.show',
  'ospain2.model.import',
  'ospain2.mcp.servers',
  'ospain2.approval.editRules',
  'ospain2.backup.create',
  'ospain2.backup.restore',
  // With what to look for.
  'workbench.action.openSettings',
] as const;
export type HubCommand = (typeof hubCommands)[number];

/** What a command is called with: an id or a number, or an object of such as the trees give. */
export type HubArgument = string | number | Readonly<Record<string, string | number>>;

export type ToPanel =
  /** The first frame: VS Code answers with a `line`. */
  | { readonly ready: true }
  | { readonly command: HubCommand; readonly args: readonly HubArgument[] }
  /** An address that the person clicked; VS Code opens it as it opens any. */
  | { readonly open: string }
  | ClientFrame;

export type FromPanel =
  /** The server can be asked from now on, or cannot: what happened, one sentence, and what to do. */
  | { readonly line: 'open' }
  | { readonly line: 'closed'; readonly message: string; readonly hint: string }
  | ServerFrame;
