import type { LlamaModel, Token } from 'node-llama-cpp';
import type { Generated } from '../workerProtocol.ts';
import { createAnswerText } from './answerText.ts';
import { assertGoesOn, type Listener } from './pace.ts';
import type { Stops } from './stops.ts';

export interface ReadAnswer {
  text: string;
  tokens: Token[];
  stop: Generated['stop'];
  /** The tokens say exactly the text. */
  isWhole: boolean;
  /** On the clock of `performance`. */
  firstTokenAt: number | null;
}

/** Reads an answer to its end, and shows it meanwhile. `wanted` are the stop texts of whoever asked. */
export async function readAnswer(
  model: LlamaModel,
  evaluation: AsyncIterable<Token>,
  stops: Stops,
  wanted: readonly string[],
  maxTokens: number,
  listener: Listener,
): Promise<ReadAnswer> {
  const tokens: Token[] = [];
  let text = '';
  let stop: Generated['stop'] = 'end';
  let firstTokenAt: number | null = null;
  const decoder = createAnswerText(
    (tokens, before) => model.detokenize(tokens as Token[], false, before as Token[]),
    [...stops.texts, ...wanted],
  );
  const show = (chunk: string) => {
    if (chunk === '') return;
    text += chunk;
    listener.onText(chunk);
  };
  for await (const token of evaluation) {
    firstTokenAt ??= performance.now();
    assertGoesOn(listener);
    if (stops.tokens.has(token)) break;
    tokens.push(token);
    show(decoder.push(token));
    if (decoder.stopped !== null) break;
    if (tokens.length >= maxTokens) {
      stop = 'maxTokens';
      break;
    }
  }
  show(decoder.finish());
  if (decoder.stopped !== null && wanted.includes(decoder.stopped)) stop = 'stop';
  return { text, tokens, stop, isWhole: decoder.stopped === null, firstTokenAt };
}
