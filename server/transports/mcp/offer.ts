import type { McpServer } from '@modelcontextprotocol/server';

/** What changed on our side, as clients are told. */
export type Change =
  | { is: 'list' }
  | { is: 'resource'; uri: string }
  | { is: 'log'; level: 'error' | 'warning' | 'info'; text: string };

/** What a server of the Model Context Protocol has to give, whatever carries it. */
export interface Offer {
  name: string;
  title: string;
  version: string;
  /** What a model is told of it, once. */
  instructions: string;
  /** Puts the tools, the resources and the prompts on a server that serves one client, or one request of it. */
  register(server: McpServer): void;
  /** The returned function stops it. */
  onChange(listener: (change: Change) => void): () => void;
}
