import { type EventData, type EventType, OspainError } from '../../protocol/index.ts';
import type { After } from '../timer.ts';
import type { NewEvent } from './eventLog.ts';
import type { Attempt } from './kind.ts';
import type { Claim, Leases } from './leases.ts';

/** Milliseconds between two transactions of streamed text: each is a flush of the disk. */
const TEXT_EVERY = 50;

export interface AttemptDeps {
  queue: Pick<Leases, 'emitMany' | 'write' | 'checkpoint' | 'park'>;
  claim: Claim;
  signal: AbortSignal;
  after: After;
  /** Told when text could not be written while nobody was calling, with what was thrown. */
  onTextFailed(thrown: unknown): void;
}

/** An Attempt whose last streamed text still has to be written. */
export interface OpenAttempt extends Attempt {
  /** Writes what is left and stops the timer; throws as `emit` does. */
  close(): void;
}

/** Everything that a kind writes goes through here, in the order in which it was written. */
export function createAttempt({ queue, claim, signal, after, onTextFailed }: AttemptDeps): OpenAttempt {
  const { task, fence, attempt: number, history } = claim;
  let buffered: EventData<'text'> | undefined;
  let line: string | undefined;
  let calm: (() => void) | undefined;

  /** Buffered text goes in front, in the same transaction; it stays buffered when that fails. */
  const put = (events: NewEvent[]) => {
    const text: NewEvent[] = buffered === undefined ? [] : [{ type: 'text', data: buffered }];
    if (text.length + events.length === 0) return;
    queue.emitMany(task.id, fence, [...text, ...events], { progress: line });
    buffered = undefined;
    line = undefined;
  };

  const settle = () => {
    calm = undefined;
    if (buffered === undefined) return;
    try {
      flushText();
    } catch (thrown) {
      onTextFailed(thrown);
    }
  };
  const flushText = () => {
    calm?.();
    calm = after(TEXT_EVERY, settle);
    put([]);
  };

  return {
    task,
    number,
    history,
    signal,
    emit: <T extends EventType>(type: T, data: EventData<T>) => put([{ type, data } as NewEvent]),
    text(turn, chunk) {
      if (chunk === '') return;
      if (buffered !== undefined && buffered.turn !== turn) put([]);
      buffered = { turn, text: (buffered?.text ?? '') + chunk };
      // The first chunk is shown at once; the ones that follow wait until the pause is over.
      if (calm === undefined) flushText();
    },
    progress(text) {
      line = text;
    },
    checkpoint() {
      put([]);
      queue.checkpoint(task.id, fence);
    },
    park(reason, change) {
      put([]);
      if (queue.park(task.id, fence, reason, change)) throw new OspainError('parked', reason);
    },
    write(change) {
      put([]);
      return queue.write(task.id, fence, change);
    },
    close() {
      calm?.();
      calm = undefined;
      put([]);
    },
  };
}
