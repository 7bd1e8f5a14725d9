import type { Client } from '../../../protocol/client.ts';
import { type MethodName, methods, type Notification, OspainError } from '../../../protocol/index.ts';
import { createNoteHandlers } from '../../../server/handlers/notes.ts';
import { createNotes } from '../../../server/notes/notes.ts';
import type { DraftKeeper } from '../../../webview/stores/noteDraft.ts';
import { openWorkspace, type Server } from '../../server/notes/fixture.ts';

/** The hub's stores over the real notes of a database, on a line that the test breaks and a clock that it moves. */
export interface NoteDesk extends Disposable {
  client: Client;
  /** Somebody else's hub. */
  other: Server;
  /** `away`: nothing reaches the server. `deaf`: what is asked is done, and the answer is lost. */
  line: { state: 'open' | 'away' | 'deaf' };
  asked: string[];
  keeper: DraftKeeper & { kept: Map<string, { text: string; base: number | null }> };
  later(ms: number, callback: () => void): () => void;
  /** Lets the clock go on, and all that comes of it. */
  pass(ms: number): Promise<void>;
}

export async function openDesk(): Promise<NoteDesk> {
  const workspace = openWorkspace();
  const [own, other] = [await workspace.server(), await workspace.server()];
  const listeners = new Set<(notification: Notification) => void>();
  const line: NoteDesk['line'] = { state: 'open' };
  const tell = (notification: Notification) => {
    if (line.state === 'open') for (const listener of [...listeners]) listener(notification);
  };
  const notes = createNotes({
    db: own.db,
    now: () => workspace.time.now,
    onChange: (note) => tell({ method: 'note/didChange', params: { note } }),
    onRemove: (params) => tell({ method: 'note/didRemove', params }),
  });
  const handlers = createNoteHandlers({ db: own.db, notes });
  const asked: string[] = [];
  const gone = () => new OspainError('unavailable', 'The server cannot be reached.');
  const request = async (method: MethodName, params: unknown): Promise<unknown> => {
    asked.push(method);
    await Promise.resolve();
    if (line.state === 'away') throw gone();
    notes.poll();
    const call = { signal: new AbortController().signal, notify() {} };
    const run = handlers[method as keyof typeof handlers] as (params: unknown, call: unknown) => unknown;
    const result = await run(methods[method].params.parse(params), call);
    if (line.state === 'deaf') throw gone();
    return structuredClone(result);
  };
  const timers = new Set<{ at: number; callback: () => void }>();
  let clock = 0;
  const kept = new Map<string, { text: string; base: number | null }>();
  return {
    client: {
      request: request as Client['request'],
      on(method, listener) {
        const hear = (notification: Notification) =>
          notification.method === method && listener(notification.params as never);
        listeners.add(hear);
        return () => listeners.delete(hear);
      },
      close: async () => {},
    },
    other: { ...other, put: (path, text) => andTell(other.put(path, text)) },
    line,
    asked,
    keeper: {
      kept,
      get: (path) => kept.get(path),
      set: (path, draft) => void kept.set(path, draft),
      remove: (path) => void kept.delete(path),
    },
    later(ms, callback) {
      const timer = { at: clock + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async pass(ms) {
      const until = clock + ms;
      for (;;) {
        await settled();
        const [next] = [...timers].filter(({ at }) => at <= until).sort((one, two) => one.at - two.at);
        if (next === undefined) break;
        timers.delete(next);
        clock = Math.max(clock, next.at);
        next.callback();
      }
      clock = until;
    },
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };

  function andTell<T>(result: T): T {
    notes.poll();
    return result;
  }
}

const settled = async (): Promise<void> => {
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
};
