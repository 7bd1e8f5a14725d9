/** What stands between a command and the machine. */
export interface Sandbox {
  kind: 'bubblewrap' | 'seatbelt' | 'none';
  /** One sentence for people: what it keeps out, or why there is none. */
  reason: string;
}

/** What a task made of its files so far, by path relative to the workspace, with `/`; null is a file that it removed. */
export type Edits = ReadonlyMap<string, string | null>;

export interface CommandRequest {
  /** For the shell of this system. */
  command: string;
  /** What the task made of its files so far; in a sandbox the command sees it. */
  edits: Edits;
  /** Whether the workspace's ignore rules exclude a path; what they do is never taken over. */
  ignored(path: string, isFolder: boolean): boolean;
  timeoutMs: number;
  /** Characters of output that come back. */
  maxOutput: number;
  /** Told what the command says, in whole lines of plain text, while it runs. */
  onText?(text: string): void;
  signal: AbortSignal;
}

/** What ended a command: `itself`, or what it took too much of. */
export type Ending = 'itself' | 'time' | 'memory' | 'processes' | 'output';

/** What a command made of a text file; null is no file. */
export interface ViewChange {
  path: string;
  text: string | null;
}

export interface ViewChanges {
  /** In the order of paths. */
  changes: ViewChange[];
  /** What the command changed and nobody takes over, with the reason; the first of them, in the order of paths. */
  left: { path: string; why: string }[];
  /** False when there may be more than the two lists say. */
  complete: boolean;
}

/** Without a sandbox nothing is known of changes: they are on disk. */
export interface CommandEnd extends ViewChanges {
  ending: Ending;
  /** Exit code, 128 and the number of a signal for one that a signal ended; null when it did not end by itself. */
  code: number | null;
  /** Both streams in their order, as plain text, cut in the middle. */
  output: string;
}
