/** What a client of the Model Context Protocol said to a server that another server has to know. */
export interface McpMemory {
  /** The client sent this line. */
  asked(line: string): void;
  /** The server sent this line; false when the client must not see it. */
  answered(line: string): boolean;
  /** The server went away: what the client is told instead of its answers. */
  lost(): string[];
  /** What the next server is told first. */
  again(): string[];
}

interface Message {
  id?: unknown;
  method?: unknown;
  params?: { uri?: unknown };
}

/** Marks what we repeat ourselves, so that its answers stay here. */
const AGAIN = 'ospain2-again-';

/** Requests that change what the server remembers of a client, up to version 2025-11-25; newer clients repeat themselves. */
const REMEMBERED = ['initialize', 'logging/setLevel', 'resources/subscribe'];

export function createMcpMemory(): McpMemory {
  const waiting = new Set<string | number>();
  const kept = new Map<string, Message>();
  let initialized = false;

  return {
    asked(line) {
      const message = read(line);
      const { id, method, params } = message;
      if (typeof method !== 'string') return;
      if (isId(id)) waiting.add(id);
      if (method === 'notifications/initialized') initialized = true;
      if (REMEMBERED.includes(method)) kept.set(keyOf(method, params), message);
      if (method === 'resources/unsubscribe') kept.delete(keyOf('resources/subscribe', params));
    },
    answered(line) {
      const { id, method } = read(line);
      if (method !== undefined || !isId(id)) return true;
      waiting.delete(id);
      return !String(id).startsWith(AGAIN);
    },
    lost() {
      const error = { code: -32_000, message: 'The server went away before it answered; another one takes its place.' };
      const lines = [...waiting].map((id) => JSON.stringify({ jsonrpc: '2.0', id, error }));
      waiting.clear();
      return lines;
    },
    again() {
      // Without this the client has not said hello yet, and does so itself.
      if (!initialized) return [];
      const [hello, ...others] = [...kept.values()].map((message, at) => ({ ...message, id: `${AGAIN}${at}` }));
      const ready = { jsonrpc: '2.0', method: 'notifications/initialized' };
      return [hello, ready, ...others].map((message) => JSON.stringify(message));
    },
  };
}

function read(line: string): Message {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // The server says what is wrong with it.
    return {};
  }
}

const keyOf = (method: string, params: Message['params']): string => `${method} ${String(params?.uri ?? '')}`;

const isId = (id: unknown): id is string | number => typeof id === 'string' || typeof id === 'number';
