import type { LlamaEmbeddingContext, LlamaModel } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Embedded, EmbedParams } from '../workerProtocol.ts';
import type { Pace } from './pace.ts';

export interface Embedder {
  readonly canEmbed: boolean;
  /** Rejects with `not_taught`, `context_full`, `invalid_params` for an empty text, or as the pace does. */
  embed(params: EmbedParams, pace: Pace): Promise<Embedded>;
}

/** A text that is longer would be a vector of everything and nothing. Tokens. */
const LONGEST = 2048;
/** A context that nobody used for so long is given back. Milliseconds. */
const IDLE = 60_000;

/** Embeds in a context of its own, which is made when it is needed. */
export function createEmbedder(model: LlamaModel, threads: number, idleMs = IDLE): Embedder {
  const { hasEncoder, hasDecoder } = model.fileInsights;
  const canEmbed = !(hasEncoder && hasDecoder);
  const contextSize = Math.min(LONGEST, model.trainContextSize);
  let context: Promise<LlamaEmbeddingContext> | null = null;
  let users = 0;
  let timer: NodeJS.Timeout | undefined;

  const free = () => {
    const unused = context;
    context = null;
    void unused?.then((made) => made.dispose());
  };

  const open = async (): Promise<LlamaEmbeddingContext> => {
    context ??= model.createEmbeddingContext({
      contextSize,
      threads,
      // A model that reads in both directions must see the whole text at once.
      ...(!isCausal(model) && { batchSize: contextSize }),
    });
    try {
      return await context;
    } catch (cause) {
      context = null;
      throw new OspainError('not_taught', 'This model cannot embed text.', { cause });
    }
  };

  const embedOne = async (made: LlamaEmbeddingContext, text: string): Promise<{ vector: number[]; tokens: number }> => {
    const tokens = made.calculateInputLength(text);
    if (text === '') throw new OspainError('invalid_params', 'An empty text has no embedding.');
    if (tokens >= contextSize)
      throw new OspainError('context_full', `A text of ${tokens} tokens does not fit: at most ${contextSize - 1} do.`, {
        hint: 'Cut the text into parts.',
      });
    const { vector } = await made.getEmbeddingFor(text);
    return { vector: normalised(vector), tokens };
  };

  return {
    canEmbed,
    async embed({ texts }, pace) {
      if (!canEmbed) throw new OspainError('not_taught', 'This model cannot embed text.');
      users++;
      clearTimeout(timer);
      try {
        const made = await open();
        const vectors: number[][] = [];
        let tokens = 0;
        for (const text of texts) {
          const one = await pace.slice(() => embedOne(made, text));
          vectors.push(one.vector);
          tokens += one.tokens;
        }
        return { vectors, tokens };
      } finally {
        if (--users === 0) timer = setTimeout(free, idleMs).unref();
      }
    },
  };
}

function isCausal({ fileInfo: { metadata } }: LlamaModel): boolean {
  const own = (metadata as Record<string, { attention?: { causal?: boolean } } | undefined>)[
    metadata.general.architecture
  ];
  return own?.attention?.causal ?? true;
}

function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  if (!(length > 0) || !Number.isFinite(length))
    throw new OspainError('bad_answer', 'The model gave no direction to a text.');
  return vector.map((x) => x / length);
}
