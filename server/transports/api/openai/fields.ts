import { z } from 'zod';
import type { Usage } from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';

/** Fields that each surface that makes tokens takes. Null is as good as nothing, as with OpenAI's servers. */
export const samplingFields = {
  model: z.string().min(1).max(256).default('default'),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().int().min(0).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  stream: z.boolean().nullish(),
};

/** Fields of the two older surfaces. */
export const answerFields = {
  seed: z.number().int().nullish(),
  stop: z.union([z.string().min(1).max(1024), z.array(z.string().min(1).max(1024)).max(16)]).nullish(),
  n: z.number().int().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
};

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Leaves out what was not given. */
export const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as Given<T>;

type Sampled = z.output<z.ZodObject<typeof samplingFields>> &
  Partial<Pick<z.output<z.ZodObject<typeof answerFields>>, 'seed' | 'stop'>>;

/** Where a client chooses nothing: the defaults of llama.cpp's own server. */
const DEFAULTS = { temperature: 0.8, topP: 0.95, topK: 40, minP: 0.05 };

/** What was chosen, in the words of the protocol. Seeds have 32 bits there; -1 is chance, as in llama.cpp. */
export const samplingOf = (
  { model, temperature, top_p, top_k, min_p, seed, stop }: Sampled,
  maxTokens?: number | null,
) => ({
  model,
  temperature: temperature ?? DEFAULTS.temperature,
  topP: top_p ?? DEFAULTS.topP,
  topK: top_k ?? DEFAULTS.topK,
  minP: min_p ?? DEFAULTS.minP,
  ...given({ maxTokens, stop: typeof stop === 'string' ? [stop] : stop }),
  ...(typeof seed === 'number' && seed !== -1 && { seed: seed >>> 0 }),
});

/** Refuses what would change the answer and is not there; it would be worse to leave it out in silence. */
export function refuseUnsupported(fields: Readonly<Record<string, boolean>>): void {
  for (const [param, asked] of Object.entries(fields))
    if (asked) throw new Refusal('invalid_params', `${param} is not supported here.`, { param });
}

export const UsageAnswer = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().int() }),
});

export const usageOf = ({ promptTokens, cachedTokens, generatedTokens }: Usage): z.infer<typeof UsageAnswer> => ({
  prompt_tokens: promptTokens,
  completion_tokens: generatedTokens,
  total_tokens: promptTokens + generatedTokens,
  prompt_tokens_details: { cached_tokens: cachedTokens },
});

/** Seconds since 1970, as their objects say when they were made. */
export const seconds = (ms: number): number => Math.floor(ms / 1000);
