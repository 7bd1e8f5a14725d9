export type Synchronous = 'FULL' | 'NORMAL';

/** A queue as a bench works it. Everything that is answered is committed. */
export interface Store {
  /** One caller that waits for its answer. */
  enqueue(): Promise<void>;
  /** Callers that ask at one moment and all wait. */
  enqueueAtOnce(callers: number): Promise<void>;
  /** Takes and ends this many, as a worker of this queue does: so many at one moment, all of which end before the next. */
  work(tasks: number, places: number): Promise<void> | void;
  close(): void;
}

/** One whose tasks a program can take and end itself. */
export interface OpenStore extends Store {
  /** Takes the next one, reads what it asks for and ends it, each for itself; throws when there is none. */
  finish(): void;
}

/** What each of them asks for. */
export const INSTRUCTION = 'Rename the function loadUser to fetchUser in src/users.ts, and wherever it is called.';
