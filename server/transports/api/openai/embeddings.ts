import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { route } from '../route.ts';

const EmbeddingRequest = z.object({
  model: z.string().min(1).max(256).default('embed'),
  input: z.union([z.string().min(1), z.array(z.unknown()).min(1).max(2048)]),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: z.number().int().min(1).nullish(),
});

const EmbeddingList = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.number().int(),
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.number().int(), total_tokens: z.number().int() }),
});

export const embeddingRoute = route({
  method: 'POST',
  path: '/v1/embeddings',
  id: 'createEmbedding',
  group: 'OpenAI',
  summary: 'Makes a vector of length 1 of each text.',
  body: EmbeddingRequest,
  answers: { 200: ['One vector a text, in order.', EmbeddingList] },
  async handle({ body, core }): Promise<z.infer<typeof EmbeddingList>> {
    const { model, vectors, tokens } = await core('inference/embed', { model: body.model, texts: textsOf(body.input) });
    const [{ length = 0 } = []] = vectors;
    if ((body.dimensions ?? length) !== length)
      throw new Refusal('invalid_params', `Vectors of ${model} have ${length} dimensions.`, { param: 'dimensions' });
    return {
      object: 'list',
      data: vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: body.encoding_format === 'base64' ? base64(vector) : vector,
      })),
      model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    };
  },
});

function textsOf(input: string | unknown[]): string[] {
  if (typeof input === 'string') return [input];
  return input.map((text, at) => {
    if (typeof text === 'string' && text !== '') return text;
    const why = typeof text === 'string' ? 'A text is empty.' : 'Only texts are understood, no lists of tokens.';
    throw new Refusal('invalid_params', why, { param: `input[${at}]` });
  });
}

/** 32-bit numbers in the byte order that nearly every machine has: little-endian. */
function base64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, at) => {
    bytes.writeFloatLE(value, at * 4);
  });
  return bytes.toString('base64');
}
