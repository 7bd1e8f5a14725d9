import type { TaskEvent } from './events.ts';

/** The events of one task as far as they are known: in order, without gaps and doubles. */
export interface EventLog {
  readonly events: readonly TaskEvent[];
  /** 0 when nothing is known. */
  readonly lastSeq: number;
  /** `gap` means that events before this one are missing: it was not taken, and they must be asked for. */
  add(event: TaskEvent): 'added' | 'known' | 'gap';
}

export function createEventLog(): EventLog {
  let events: TaskEvent[] = [];
  let lastSeq = 0;
  return {
    get events() {
      return events;
    },
    get lastSeq() {
      return lastSeq;
    },
    add(event) {
      if (event.seq <= lastSeq) return 'known';
      if (event.seq > lastSeq + 1) return 'gap';
      if (event.type === 'turn') events = withoutPieces(events, event.data.turn);
      events.push(event);
      lastSeq = event.seq;
      return 'added';
    },
  };
}

/** A whole turn replaces the pieces that it streamed in: a long task would keep its text twice. Turns count anew with each attempt. */
function withoutPieces(events: readonly TaskEvent[], turn: number): TaskEvent[] {
  const attempt = events.findLastIndex(({ type }) => type === 'started');
  return events.filter((event, at) => at < attempt || event.type !== 'text' || event.data.turn !== turn);
}
