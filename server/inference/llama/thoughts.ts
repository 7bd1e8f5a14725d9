import type { LlamaText, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { evaluate, keepPrefix, read } from './evaluation.ts';
import type { Listener, Pace } from './pace.ts';
import type { Prompt } from './prompt.ts';
import { type Sampling, samplerOf } from './sampling.ts';
import type { Slot } from './slots.ts';
import type { Speaker } from './speaker.ts';
import type { Stops } from './stops.ts';
import { plainText, special, type ThoughtForm } from './thoughtForm.ts';

/*
 * Thoughts before an answer that a grammar holds: without the grammar, up to where the model ends them or their limit is
 * reached. They stand in the sequence between prompt and answer, and nowhere else: the next prompt of the conversation
 * does not have them, so it is found evaluated up to the end of this prompt.
 */

/** A prompt behind which a model may think. */
export interface Thinking {
  form: ThoughtForm;
  /**
   * As later prompts will have it. Where it ends within a thought, that is with the thought closed: an answer in there
   * would be none.
   */
  prompt: Prompt;
  /** As it is now: what stands before the thought in later prompts too. */
  asked: readonly Token[];
  /** With what opens a thought. */
  begin: readonly Token[];
  closing: readonly Token[];
  /** Tokens that the thoughts may have; 0 for none. */
  most: number;
}

export interface Thought {
  /** Of the thought, and of what closes it. */
  tokens: Token[];
  /** Of the thought alone. */
  generated: number;
  firstTokenAt: number | null;
}

/** Null where nothing comes between prompt and answer. The room for the answer is never thought in. */
export function planThinking(
  { library, model, thoughts: form, contextSize }: Speaker,
  asked: Prompt,
  { thinkingTokens = 0, maxTokens }: { thinkingTokens?: number; maxTokens: number },
): Thinking | null {
  if (form === null) return null;
  const cut = (text: LlamaText | null) => text?.tokenize(model.tokenizer, 'trimLeadingSpace') ?? [];
  const closing = cut(form.closing);
  const begin = [...asked.tokens, ...cut(form.opening)];
  const most = Math.max(0, Math.min(thinkingTokens, contextSize - begin.length - closing.length - maxTokens));
  const thinking = { form, asked: asked.tokens, begin, closing, most };
  if (form.opening !== null) return most === 0 ? null : { ...thinking, prompt: asked };
  const text = library.LlamaText([asked.text, form.closing]);
  return { ...thinking, prompt: { text, tokens: [...asked.tokens, ...closing] } };
}

/** Makes the sequence hold the prompt and thoughts behind it. The last tokens of these are still to be evaluated. */
export async function think(
  speaker: Speaker,
  { sequence }: Slot,
  { form, asked, begin, closing, most }: Thinking,
  { request, stops, pace, listener }: { request: Sampling; stops: Stops; pace: Pace; listener: Listener },
): Promise<Thought> {
  if (most === 0) return { tokens: [...closing], generated: 0, firstTokenAt: null };
  listener.onThinking?.();
  if (sequence.needsCheckpoints) {
    // Models that cannot forget their last tokens go back to a state that was kept.
    await read(sequence, asked.slice(sequence.nextTokenIndex, -1), pace);
    await sequence.takeCheckpoint();
  }
  const evaluation = evaluate(sequence, begin.slice(sequence.nextTokenIndex), samplerOfThoughts(request), pace);
  const { library, model } = speaker;
  const tokens: Token[] = [];
  let firstTokenAt: number | null = null;
  /** Each token has a byte or more. */
  const window = Buffer.byteLength(form.end);
  for await (const token of evaluation) {
    firstTokenAt ??= performance.now();
    if (stops.tokens.has(token)) break;
    tokens.push(token);
    const said = model.detokenize(tokens.slice(-window), true);
    const at = said.indexOf(form.end);
    if (at >= 0) {
      const rest = closeWith(speaker, form, token, said.slice(at + form.end.length));
      const kept = rest.replaces ? tokens.slice(0, -1) : tokens;
      const more = special(library, rest.text).tokenize(model.tokenizer, 'trimLeadingSpace');
      return { tokens: [...kept, ...more], generated: tokens.length, firstTokenAt };
    }
    if (tokens.length === most) break;
  }
  return { tokens: [...tokens, ...closing], generated: tokens.length, firstTokenAt };
}

/** What is to be written behind the end of a thought, or in the place of its last token where that has more in it. */
function closeWith({ library, model }: Speaker, form: ThoughtForm, last: Token, written: string) {
  const closing = plainText(library, form.closing);
  const after = closing.slice(closing.indexOf(form.end) + form.end.length);
  if (after.startsWith(written)) return { text: after.slice(written.length), replaces: false };
  if (written.trim() === '') return { text: '', replaces: false };
  const token = model.detokenize([last], true);
  return { text: token.slice(0, token.length - written.length) + after, replaces: true };
}

/**
 * Greedy thoughts run in circles; the makers of Qwen 3 and DeepSeek R1 say so, and advise these numbers.
 * Source: https://huggingface.co/Qwen/Qwen3-8B, https://huggingface.co/deepseek-ai/DeepSeek-R1
 */
const samplerOfThoughts = (request: Sampling): SequenceEvaluateOptions => ({
  ...samplerOf(request),
  ...(request.temperature === 0 && { temperature: 0.6, topP: 0.95 }),
});

/** What of prompt, thought and closing is still to be evaluated. */
export async function behind(slot: Slot, { begin }: Thinking, { tokens }: Thought): Promise<Token[]> {
  const all = [...begin, ...tokens];
  return all.slice(await keepPrefix(slot.sequence, all));
}
