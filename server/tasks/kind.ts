import type { AnyKind, EventData, EventType, Task, TaskEvent } from '../../protocol/index.ts';

/** What one attempt of a task may use. Everything it writes carries the attempt's fence. */
export interface Attempt {
  readonly task: Task;
  /** Counts from 1. */
  readonly number: number;
  /**
   * What this run of the task has done so far, in order: the events of its finished steps, of this attempt and of those
   * before it that died: see `historyOf`. Empty when the task begins anew. A kind rebuilds its transcript from it and goes on
   * behind it. A proposal that is in it is still in the database, unless a person has decided on it.
   */
  readonly history: readonly TaskEvent[];
  /** Aborted when the task is cancelled, the lease is lost or the server stops; `reason` is an OspainError. */
  readonly signal: AbortSignal;
  /** Appends one event, durably; throws `lease_lost` when the attempt no longer holds the task. */
  emit<T extends EventType>(type: T, data: EventData<T>): void;
  /** Streams text of a model turn; batched into `text` events of at most one transaction per 50 ms. */
  text(turn: number, chunk: string): void;
  /** Shows one short line as the task's progress; not durable by itself, written with the next event. */
  progress(line: string): void;
  /** Between two steps: throws `paused` when a person asked for it, so that the run goes on behind this step later. */
  checkpoint(): void;
  /**
   * Ends the attempt, because the task cannot go on without a person: it is paused with this reason, and no worker is held.
   * `change` runs in the same transaction; when it answers false nothing has ended and this returns, otherwise it throws
   * `parked`, which the kind lets through. `unpark` of the queue puts the task back.
   */
  park(reason: string, change: () => boolean): void;
  /** Runs writes of the kind's own in one transaction, only while the attempt holds the task; else throws `lease_lost`. */
  write<T>(change: () => T): T;
}

/** A sort of task: a small module that says how to run it. Thrown OspainErrors become the task's error. */
export interface Kind {
  readonly name: AnyKind;
  /** Resolves with the text that the person reads as the result. */
  run(attempt: Attempt): Promise<string>;
}
