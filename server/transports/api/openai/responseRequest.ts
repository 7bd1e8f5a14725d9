import { z } from 'zod';
import type { ChatMessage, Params } from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';
import { Content, textOf } from './content.ts';
import { given, refuseUnsupported, samplingFields, samplingOf } from './fields.ts';
import { FormatFields, FunctionFields, toolOf, wishesOf } from './tools.ts';

/** One thing that was said or done; of a message the type may be left out. */
const Item = z.union([
  z.object({
    type: z.literal('message').optional(),
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: Content,
  }),
  z.object({ type: z.literal('function_call'), call_id: z.string(), name: z.string(), arguments: z.string() }),
  z.object({ type: z.literal('function_call_output'), call_id: z.string(), output: Content }),
  // What a model thought is not told again.
  z.object({ type: z.literal('reasoning') }),
]);
type Item = z.infer<typeof Item>;

export const ResponseRequest = z.object({
  ...samplingFields,
  input: z.union([z.string(), z.array(Item).min(1).max(10_000)]),
  instructions: z.string().nullish(),
  max_output_tokens: z.number().int().min(1).max(1_000_000).nullish(),
  tools: z
    .array(z.object({ type: z.literal('function'), ...FunctionFields.shape }))
    .max(128)
    .nullish(),
  tool_choice: z
    .union([z.enum(['none', 'auto', 'required']), z.object({ type: z.literal('function'), name: z.string() })])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.object({ format: FormatFields.nullish() }).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  previous_response_id: z.string().nullish(),
  conversation: z.unknown().optional(),
  background: z.boolean().nullish(),
});
export type ResponseRequest = z.output<typeof ResponseRequest>;

/** The request in the words of the protocol. Nothing is stored, so what refers to something stored is refused. */
export function chatOf(body: ResponseRequest): Params<'inference/chat'> {
  if (typeof body.previous_response_id === 'string')
    throw new Refusal('invalid_params', 'No response is stored here: send the whole conversation as input.', {
      param: 'previous_response_id',
    });
  refuseUnsupported({
    conversation: body.conversation !== undefined && body.conversation !== null,
    background: body.background === true,
  });
  const { instructions, input, tool_choice: choice } = body;
  const system: ChatMessage[] = typeof instructions === 'string' ? [{ role: 'system', text: instructions }] : [];
  return {
    ...samplingOf(body, body.max_output_tokens),
    messages: [...system, ...(typeof input === 'string' ? [{ role: 'user' as const, text: input }] : readItems(input))],
    ...wishesOf({
      tools: (body.tools ?? []).map(toolOf),
      choice: typeof choice === 'object' && choice !== null ? { name: choice.name } : (choice ?? undefined),
      format: body.text?.format,
      names: { choice: 'tool_choice', format: 'text.format' },
    }),
  };
}

/** Calls are items of their own here; in a conversation they belong to what the assistant said before them. */
function readItems(items: readonly Item[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  items.forEach((item, at) => {
    if (item.type === 'reasoning') return;
    if (item.type === 'function_call') {
      const last = messages.at(-1);
      const call = { id: item.call_id, name: item.name, arguments: item.arguments };
      if (last?.role === 'assistant') last.calls = [...(last.calls ?? []), call];
      else messages.push({ role: 'assistant', text: '', calls: [call] });
    } else if (item.type === 'function_call_output') {
      messages.push({ role: 'tool', callId: item.call_id, text: textOf(item.output, `input[${at}]`) });
    } else {
      const role = item.role === 'developer' ? 'system' : item.role;
      messages.push({ role, text: textOf(item.content, `input[${at}]`) });
    }
  });
  return messages;
}

/** What a response says again of its request. */
export const echoOf = (body: ResponseRequest) => ({
  instructions: body.instructions ?? null,
  max_output_tokens: body.max_output_tokens ?? null,
  metadata: body.metadata ?? {},
  parallel_tool_calls: body.parallel_tool_calls ?? true,
  temperature: body.temperature ?? null,
  top_p: body.top_p ?? null,
  text: { format: given({ format: body.text?.format }).format ?? { type: 'text' } },
  tool_choice: body.tool_choice ?? 'auto',
  tools: (body.tools ?? []).map((tool) => ({ ...tool, strict: false })),
});
