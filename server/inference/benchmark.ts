import { type ModelBenchmark, OspainError, type Usage } from '../../protocol/index.ts';
import type { Pool } from './pool.ts';

/** Tokens of the prompt, and of the answer, where the model has room for both. */
const PROMPT = 512;
const ANSWER = 128;
/** Words that tell how many tokens a word has. */
const SAMPLE = 64;
const ROUNDS = 3;
/** An answer of fewer tokens tells no speed. */
const FEWEST = 8;

interface BenchmarkDeps {
  pool: Pick<Pool, 'status' | 'load' | 'unload' | 'describe' | 'complete'>;
  now: () => number;
}

/**
 * Measures one version on this machine, loaded anew: the median of three prompts that have nothing in common, each with
 * its answer. `wrong_state` while somebody works with it, `bad_answer` when it says too little; else as the pool rejects.
 */
export async function measureModel(
  { pool, now }: BenchmarkDeps,
  { model, signal }: { model: string; signal: AbortSignal },
): Promise<ModelBenchmark> {
  const { name, version, contextLength } = pool.describe(model);
  const find = () => pool.status().find((worker) => worker.model === name && worker.version === version);
  const { state = 'idle', waiting = 0 } = find() ?? {};
  if (state !== 'idle' || waiting > 0)
    throw new OspainError('wrong_state', `${name} is at work, so nothing can be measured.`, {
      hint: 'Try again when it is idle.',
    });
  await pool.unload(model);
  const loadMs = await pool.load(model, signal);

  const complete = async (prefix: string, maxTokens: number): Promise<Usage> => {
    const speak = { maxTokens, temperature: 0, priority: 'interactive', signal, onText: () => {} } as const;
    return (await pool.complete({ model, prefix, ...speak })).usage;
  };
  const answer = Math.min(ANSWER, contextLength >> 2);
  const perWord = (await complete(wordsOf(0, SAMPLE), 1)).promptTokens / SAMPLE;
  const words = Math.floor(Math.min(PROMPT, contextLength - 2 * answer) / Math.max(perWord, 0.1));
  const usages: Usage[] = [];
  for (let round = 1; round <= ROUNDS; round++) usages.push(await complete(wordsOf(round, words), answer));

  const speaking = usages.filter(({ generatedTokens }) => generatedTokens >= Math.min(FEWEST, answer));
  if (speaking.length === 0)
    throw new OspainError('bad_answer', `${name} said too little to be measured.`, {
      hint: 'It may be made for something else than going on with a text.',
    });
  const worker = find();
  return {
    promptRate: median(
      usages.map(({ promptTokens, cachedTokens, firstTokenMs }) => rate(promptTokens - cachedTokens, firstTokenMs)),
    ),
    // The first token comes with the prompt.
    decodeRate: median(
      speaking.map(({ generatedTokens, durationMs, firstTokenMs }) =>
        rate(generatedTokens - 1, durationMs - firstTokenMs),
      ),
    ),
    loadMs: Math.round(loadMs),
    memoryBytes: worker?.memoryBytes ?? 0,
    threads: worker?.threads ?? 0,
    at: now(),
  };
}

/** Tokens a second, to one decimal. */
const rate = (tokens: number, ms: number): number => Math.round((tokens / Math.max(ms, 0.001)) * 10_000) / 10;

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

const VOCABULARY =
  'river stone window market letter garden engine winter village copper signal harbor pocket thunder meadow'.split(' ');

/** The same words for the same round on every machine; two rounds differ from their first word on. */
function wordsOf(round: number, count: number): string {
  const words = [`Round ${round}:`];
  for (let i = 1, at = round; i < count; i++) {
    at = (at * 7 + i * (round + 3)) % VOCABULARY.length;
    words.push(VOCABULARY[at] ?? '');
  }
  return words.join(' ');
}
