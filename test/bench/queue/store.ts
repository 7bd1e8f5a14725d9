export type Synchronous = 'FULL' | 'NORMAL';

/** The two things that every queue does, one at a time. */
export interface Store {
  enqueue(): void;
  /** Takes the next one, reads what it asks for and ends it; throws when there is none. */
  finish(): void;
  close(): void;
}

/** What each of them asks for. */
export const INSTRUCTION = 'Rename the function loadUser to fetchUser in src/users.ts, and wherever it is called.';
