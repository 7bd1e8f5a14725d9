/** What a server may cost. Bytes, characters and milliseconds. */
export interface McpLimits {
  /** One message. */
  messageBytes: number;
  /** Messages a second, over a whole second. */
  messages: number;
  /** From its start to its tools. */
  startMs: number;
  /** That a task waits for the tools of a server which never told them. */
  firstMs: number;
  /** One call without a sign of life, and at most. */
  callMs: number;
  callMostMs: number;
  /** Tools of one server. */
  tools: number;
  /** Characters of the schema of one tool. */
  schemaSize: number;
  /** Until it is killed when it was told to end. */
  endMs: number;
  /** The first wait before it is started again when it ended soon after it was ready, and the longest. */
  backoffMs: number;
  backoffMostMs: number;
}

export const LIMITS: McpLimits = {
  messageBytes: 8 * 1024 * 1024,
  messages: 1000,
  startMs: 20_000,
  firstMs: 5000,
  callMs: 60_000,
  callMostMs: 600_000,
  tools: 128,
  schemaSize: 32_768,
  endMs: 2000,
  backoffMs: 1000,
  backoffMostMs: 300_000,
};
