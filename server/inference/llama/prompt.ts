import type { ChatWrapper, LlamaModel, LlamaText, Token } from 'node-llama-cpp';
import type { Turn } from '../engine.ts';
import { readHistory } from './history.ts';
import type { Llama } from './library.ts';

/** A transcript as the model reads it. */
export interface Prompt {
  text: LlamaText;
  tokens: Token[];
}

/** What the model saw and said last in a conversation, token by token. */
export interface Spoken {
  prompt: Prompt;
  answer: { text: string; tokens: Token[] } | null;
}

export interface Rendered {
  text: LlamaText;
  /** What ends the answer besides the model's own end tokens. */
  stops: readonly LlamaText[];
}

export function renderTranscript(
  library: Llama,
  wrapper: ChatWrapper,
  transcript: { system: string; turns: readonly Turn[] },
): Rendered {
  const { contextText: text, stopGenerationTriggers } = wrapper.generateContextState({
    chatHistory: readHistory(wrapper, transcript),
  });
  return { text, stops: stopGenerationTriggers.map((trigger) => library.LlamaText(trigger)) };
}

/**
 * Keeps the tokens of what the conversation already holds: text that the model wrote may be cut into other tokens when
 * it is read again, and then nothing after it could be taken from the evaluated prefix.
 */
export function cutPrompt(library: Llama, model: LlamaModel, text: LlamaText, spoken: Spoken | null): Prompt {
  for (const known of spoken === null ? [] : knownPrompts(library, spoken)) {
    const rest = textAfter(library, text, known.text);
    if (rest === null) continue;
    return { text, tokens: [...known.tokens, ...rest.tokenize(model.tokenizer, 'trimLeadingSpace')] };
  }
  return { text, tokens: text.tokenize(model.tokenizer) };
}

function knownPrompts(library: Llama, { prompt, answer }: Spoken): Prompt[] {
  if (answer === null) return [prompt];
  const whole = {
    text: library.LlamaText([prompt.text, answer.text]),
    tokens: [...prompt.tokens, ...answer.tokens],
  };
  return [whole, prompt];
}

/** What follows `start` in `text`; null when it does not begin with it. Plain text may be cut anywhere, special text not. */
function textAfter(library: Llama, text: LlamaText, start: LlamaText): LlamaText | null {
  const last = start.values.length - 1;
  const same = (index: number) =>
    library.LlamaText.compare(
      library.LlamaText(text.values[index] ?? ''),
      library.LlamaText(start.values[index] ?? ''),
    );
  for (let index = 0; index < last; index++) if (!same(index)) return null;
  if (last < 0 || same(last)) return library.LlamaText(text.values.slice(last + 1));
  const [whole, part] = [text.values[last], start.values[last]];
  if (typeof whole !== 'string' || typeof part !== 'string' || !whole.startsWith(part)) return null;
  return library.LlamaText([whole.slice(part.length), ...text.values.slice(last + 1)]);
}
