import { z } from 'zod';
import type { ChatMessage } from '../../../../protocol/index.ts';
import { Content, textOf } from './content.ts';
import { given } from './fields.ts';

export const FunctionCall = z.object({
  id: z.string().max(256),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string().min(1).max(128), arguments: z.string() }),
});

const plain = <R extends string>(role: R) => z.object({ role: z.literal(role), content: Content });

/** A message of a chat request; names of speakers are left out. */
export const Message = z.discriminatedUnion('role', [
  plain('system'),
  plain('developer'),
  plain('user'),
  z.object({
    role: z.literal('assistant'),
    content: Content.nullish(),
    tool_calls: z.array(FunctionCall).max(128).nullish(),
  }),
  plain('tool').extend({ tool_call_id: z.string().max(256) }),
]);
export type Message = z.infer<typeof Message>;

export const readMessages = (messages: readonly Message[]): ChatMessage[] =>
  messages.map((message, at) => {
    const text = textOf(message.content, `messages[${at}]`);
    if (message.role === 'tool') return { role: 'tool', text, callId: message.tool_call_id };
    if (message.role !== 'assistant') return { role: message.role === 'user' ? 'user' : 'system', text };
    const calls = message.tool_calls?.map(({ id, function: { name, arguments: json } }) => ({
      id,
      name,
      arguments: json,
    }));
    return { role: 'assistant', text, ...given({ calls }) };
  });
