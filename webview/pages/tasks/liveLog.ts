import type { Client } from '../../../protocol/client.ts';
import { OspainError } from '../../../protocol/errors.ts';
import type { TaskEvent } from '../../../protocol/events.ts';
import { type Block, createTranscript, type Transcript } from '../../../protocol/transcript.ts';

const PAGE = 1000;

export interface LiveView {
  readonly blocks: readonly Block[];
  /** `loading` until all that was there is there. */
  readonly state: 'loading' | 'live' | 'failed';
  readonly problem: OspainError | undefined;
}

/** What happens in one task while somebody looks at it: a replay of its events, and then each as it comes. */
export interface LiveLog {
  view(): LiveView;
  subscribe(listener: () => void): () => void;
  /** Asks for what was missed: messages are lost while there is no line to the server. */
  catchUp(): void;
  dispose(): void;
}

/**
 * `throttled` makes of a function one that runs a few times a second however often it is called, and after the last call: a
 * stream of tokens costs as much as that many pictures.
 */
export function createLiveLog(options: {
  client: Pick<Client, 'request' | 'on'>;
  taskId: string;
  throttled: (run: () => void) => () => void;
}): LiveLog {
  const { client, taskId } = options;
  const listeners = new Set<() => void>();
  let transcript: Transcript = createTranscript();
  let lastSeq = 0;
  let view: LiveView = { blocks: [], state: 'loading', problem: undefined };
  let loading = false;
  /** There are events to ask for that did not come by themselves. */
  let behind = false;
  let isOver = false;

  const show = (some: Partial<LiveView> = {}) => {
    if (isOver) return;
    view = { ...view, blocks: [...transcript.blocks], ...some };
    for (const listener of [...listeners]) listener();
  };
  const publish = options.throttled(() => show());
  const take = (event: TaskEvent): boolean => {
    if (event.seq !== lastSeq + 1) return event.seq <= lastSeq;
    lastSeq = event.seq;
    transcript.add(event);
    return true;
  };
  const load = async () => {
    if (loading) return;
    loading = true;
    try {
      for (let full = true; (full || behind) && !isOver; ) {
        behind = false;
        const { events } = await client.request('task/events', { taskId, after: lastSeq, limit: PAGE });
        for (const event of events) take(event);
        full = events.length === PAGE;
        publish();
      }
      show({ state: 'live', problem: undefined });
    } catch (thrown) {
      show({ state: 'failed', problem: OspainError.from(thrown) });
    } finally {
      loading = false;
    }
  };
  const catchUp = () => {
    behind = true;
    void load();
  };
  const stops = [
    client.on('task/didEvent', ({ event }) => {
      if (event.taskId !== taskId) return;
      if (take(event)) publish();
      else catchUp();
    }),
    // The task may have another past now, or none.
    client.on('backup/didRestore', () => {
      transcript = createTranscript();
      lastSeq = 0;
      catchUp();
    }),
  ];
  void load();
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    catchUp,
    dispose() {
      isOver = true;
      listeners.clear();
      for (const stop of stops) stop();
    },
  };
}
