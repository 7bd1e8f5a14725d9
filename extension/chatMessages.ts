import type { ChatMessage, ToolCall } from '../protocol/inference.ts';

/** What kind a part of a message is: VS Code's classes, which tests do without. */
export interface PartReader {
  text(part: unknown): string | undefined;
  call(part: unknown): { readonly callId: string; readonly name: string; readonly input: object } | undefined;
  result(part: unknown): { readonly callId: string; readonly content: readonly unknown[] } | undefined;
}

/** One message of VS Code's chat as those of the protocol: what a tool answered is a message of its own, and comes first. */
export function readChatMessages(
  role: 'user' | 'assistant',
  content: readonly unknown[],
  read: PartReader,
): ChatMessage[] {
  const text = (parts: readonly unknown[]) => parts.map((part) => read.text(part) ?? '').join('');
  const results = content.flatMap((part): ChatMessage[] => {
    const result = read.result(part);
    return result ? [{ role: 'tool', text: text(result.content), callId: result.callId }] : [];
  });
  const calls = content.flatMap((part): ToolCall[] => {
    const call = read.call(part);
    return call ? [{ id: call.callId, name: call.name, arguments: JSON.stringify(call.input) }] : [];
  });
  const said = text(content);
  if (said === '' && calls.length === 0) return results;
  return [...results, { role, text: said, ...(calls.length > 0 && { calls }) }];
}
