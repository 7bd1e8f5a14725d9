/** What a client may cost. Bytes and milliseconds. */
export interface Limits {
  /** A body of JSON; a model file has no limit but the disk. */
  bodyBytes: number;
  headerBytes: number;
  /** Until the headers are there, from the moment of the connection. */
  headersMs: number;
  /** Until a body of JSON is there. */
  bodyMs: number;
  /** Without a byte of a model file that is being sent. */
  idleMs: number;
  connections: number;
  /** Between the comments that keep a silent stream alive; the first one also opens it. */
  heartbeatMs: number;
  /** That may wait for a slow reader of a stream; past them it is cut. */
  bufferBytes: number;
  /** Hubs in browsers that are connected at one time. */
  lines: number;
  /** That may wait for one of them to read; past them it is closed. All of them together stay far below a machine's memory. */
  lineBufferBytes: number;
  /** Requests of one of them that may wait for an answer. */
  lineRequests: number;
  /** Wrong tickets in a minute that are looked at. */
  wrongTickets: number;
}

export const LIMITS: Limits = {
  bodyBytes: 16 * 1024 * 1024,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  bodyMs: 60_000,
  idleMs: 30_000,
  connections: 512,
  heartbeatMs: 5000,
  bufferBytes: 4 * 1024 * 1024,
  lines: 256,
  lineBufferBytes: 1024 * 1024,
  lineRequests: 256,
  wrongTickets: 10,
};
