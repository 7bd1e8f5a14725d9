import type { ChatWrapper, LlamaText } from 'node-llama-cpp';
import type { Llama } from './library.ts';

/** How a model's own form writes a thought between a prompt and an answer. */
export interface ThoughtForm {
  /** Behind the prompt; null where the prompt itself ends within a thought. */
  opening: LlamaText | null;
  /** From the thought to the answer. */
  closing: LlamaText;
  /** What the model writes of that when it has thought enough. */
  end: string;
}

/** Null for a form without thoughts, or with thoughts that do not end. */
export function findThoughtForm(library: Llama, wrapper: ChatWrapper, template: string): ThoughtForm | null {
  const thought = wrapper.settings.segments?.thought;
  if (thought?.suffix === undefined) return null;
  const { prefix } = thought;
  const isOpen = typeof prefix === 'object' && 'type' in prefix;
  if (!isOpen && !template.includes(plainText(library, prefix).trim())) return null;
  const end = plainText(library, thought.suffix).trim();
  if (end === '') return null;
  const closing = renderClosing(library, wrapper) ?? library.LlamaText(thought.suffix);
  return {
    opening: isOpen ? null : library.LlamaText(prefix),
    closing: special(library, plainText(library, closing) + breaksBehind(template, end, plainText(library, closing))),
    end,
  };
}

/** Some templates have an empty thought before an answer without one, and so at the end of a prompt. Here one is to come. */
export function withoutEmptyThought(library: Llama, form: ThoughtForm | null, text: LlamaText): LlamaText {
  const last = text.values.at(-1);
  if (form === null || form.opening === null || !(last instanceof library.SpecialTokensText)) return text;
  const opening = plainText(library, form.opening).trim();
  const at = last.value.lastIndexOf(opening);
  if (at < 0 || last.value.slice(at + opening.length).trim() !== form.end) return text;
  return library.LlamaText([...text.values.slice(0, -1), new library.SpecialTokensText(last.value.slice(0, at))]);
}

/** Of some families more than the end of the thought stands before the answer: only the form itself knows what. */
function renderClosing(library: Llama, wrapper: ChatWrapper): LlamaText | null {
  const chatHistory = wrapper.generateInitialChatHistory({ systemPrompt: 'system' });
  chatHistory.push(
    { type: 'user', text: 'one' },
    { type: 'model', response: [{ type: 'segment', segmentType: 'thought', text: THOUGHT, ended: true }, ANSWER] },
  );
  const { values } = wrapper.generateContextState({ chatHistory }).contextText;
  const [from, to] = [values.indexOf(THOUGHT), values.indexOf(ANSWER)];
  return from < 0 || to <= from + 1 ? null : library.LlamaText(values.slice(from + 1, to));
}

/** Texts that no template has. */
const THOUGHT = 'a-thought-of-9417';
const ANSWER = 'an-answer-of-9417';

/** Templates show line breaks behind the end of a thought that the library leaves to the model to write. */
function breaksBehind(template: string, end: string, closing: string): string {
  if (!closing.endsWith(end)) return '';
  const breaks = template.split(end).map((rest) => /^(?:\\n)*/.exec(rest)?.[0].replaceAll('\\n', '\n') ?? '');
  return breaks.slice(1).reduce((longest, next) => (next.length > longest.length ? next : longest), '');
}

export const special = (library: Llama, text: string): LlamaText =>
  library.LlamaText(text === '' ? [] : new library.SpecialTokensText(text));

export const plainText = (library: Llama, text: string | LlamaText): string =>
  library
    .LlamaText(text)
    .values.map((value) => (typeof value === 'string' ? value : value.value))
    .join('');
