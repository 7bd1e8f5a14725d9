import type { CallToolResult } from '@modelcontextprotocol/server';
import { Refusal } from '../api/refusal.ts';

/** Characters of one answer: what a client's model can take in at all. */
export const MAX_ANSWER = 100_000;

export const said = (text: string, structured?: Record<string, unknown>): CallToolResult => ({
  content: [{ type: 'text', text: clipped(text) }],
  ...(structured && { structuredContent: structured }),
});

/** A failure as the calling model reads it: what happened, and what to do. */
export async function orWhyNot(run: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await run();
  } catch (thrown) {
    return { content: [{ type: 'text', text: whyNot(thrown) }], isError: true };
  }
}

export function whyNot(thrown: unknown): string {
  const { code, message, hint } = Refusal.of(thrown);
  return `${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}

/** What is left out is said. */
export function clipped(text: string, most = MAX_ANSWER): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}\n… ${text.length - most} more characters are not shown.`;
}
