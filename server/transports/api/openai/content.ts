import { z } from 'zod';
import { Refusal } from '../refusal.ts';

/** Text, or parts of which only those of text are understood. */
export const Content = z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]);
export type Content = z.infer<typeof Content>;

/** The text of a message; throws for a part of another sort. `where` names the message in the request. */
export function textOf(content: Content | null | undefined, where: string): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part, at) => partText(part, `${where}.content[${at}]`)).join('\n');
}

function partText({ type, ...part }: Record<string, unknown>, param: string): string {
  if (type === 'refusal' && typeof part['refusal'] === 'string') return part['refusal'];
  if (!['text', 'input_text', 'output_text'].includes(String(type)))
    throw new Refusal('invalid_params', `Models here read text only, so a part of type ${clip(type)} is refused.`, {
      param: `${param}.type`,
    });
  if (typeof part['text'] !== 'string')
    throw new Refusal('invalid_params', 'A part of text has no text.', { param: `${param}.text` });
  return part['text'];
}

const clip = (value: unknown): string => JSON.stringify(String(value).slice(0, 32));
