import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

interface Kept {
  id: string;
  stream: string;
  message: JSONRPCMessage;
  size: number;
}

export interface HistoryLimits {
  events: number;
  /** Characters of JSON. */
  size: number;
}

/**
 * What one client was sent lately, so that one that lost its connection is told what it missed. The oldest go first; who
 * asks behind one that is gone is told so by the library and begins anew.
 */
export function createEventHistory(limits: HistoryLimits): EventStore {
  const kept: Kept[] = [];
  let size = 0;
  let count = 0;
  return {
    async storeEvent(stream, message) {
      const entry = { id: String(++count), stream, message, size: JSON.stringify(message).length };
      kept.push(entry);
      size += entry.size;
      while (kept.length > limits.events || size > limits.size) size -= kept.shift()?.size ?? 0;
      return entry.id;
    },
    getStreamIdForEventId: async (id) => kept.find((entry) => entry.id === id)?.stream,
    async replayEventsAfter(id, { send }) {
      const at = kept.findIndex((entry) => entry.id === id);
      const stream = kept[at]?.stream ?? '';
      for (const entry of kept.slice(at + 1))
        if (entry.stream === stream && !isEmpty(entry)) await send(entry.id, entry.message);
      return stream;
    },
  };
}

/** The library opens a stream with an event that says nothing. */
const isEmpty = ({ message }: Kept): boolean => Object.keys(message).length === 0;
