import { z } from 'zod';
import type { Params, ToolDefinition } from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';
import { given } from './fields.ts';

/** A function that the client offers. */
export const FunctionFields = z.object({
  name: z.string().min(1).max(128),
  description: z.string().max(16_384).nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
});

export const toolOf = ({ name, description, parameters }: z.infer<typeof FunctionFields>): ToolDefinition => ({
  name,
  ...given({ description, parameters }),
});

/** The form that an answer is to have. */
export const FormatFields = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }),
]);
type Format = z.infer<typeof FormatFields>;

type Choice = Params<'inference/chat'>['toolChoice'];

export interface Wishes {
  tools: ToolDefinition[];
  choice: Choice;
  format: Format | null | undefined;
  /** How the surface names them. */
  names: { choice: string; format: string };
}

/** Tools and form in the words of the protocol, which does not take both; throws where they contradict themselves. */
export function wishesOf({ tools, choice, format, names }: Wishes): Partial<Params<'inference/chat'>> {
  if (typeof choice === 'object' && !tools.some(({ name }) => name === choice.name))
    throw new Refusal('invalid_params', `No tool of that name is offered.`, { param: names.choice });
  if (choice === 'required' && tools.length === 0)
    throw new Refusal('invalid_params', 'A call is required, and no tool is offered.', { param: names.choice });
  const formed = format?.type === 'json_object' || format?.type === 'json_schema';
  const calling = tools.length > 0 && choice !== 'none';
  if (formed && calling)
    throw new Refusal('invalid_params', 'An answer has a JSON form or may call tools, not both.', {
      param: names.format,
      hint: 'Leave the tools out, or set tool_choice to "none".',
    });
  if (formed) return { schema: format.type === 'json_schema' ? format.schema : { type: 'object' } };
  return tools.length === 0 ? {} : { tools, ...given({ toolChoice: choice }) };
}
