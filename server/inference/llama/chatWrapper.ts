import type { ChatWrapper, LlamaModel } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Llama } from './library.ts';
import { findThoughtForm, plainText, type ThoughtForm } from './thoughtForm.ts';
import { within } from './within.ts';

/** ChatML as most models spell it, without blanks. */
const CHATML =
  "{%formessageinmessages%}{{'<|im_start|>'+message['role']+'\\n'+message['content']+'<|im_end|>'+'\\n'}}{%endfor%}{%ifadd_generation_prompt%}{{'<|im_start|>assistant\\n'}}{%endif%}";

export interface FoundWrapper {
  /** What writes transcripts in the model's own form. */
  wrapper: ChatWrapper;
  /** The form knows parts of an answer that are no text for a person, such as thoughts. */
  thinks: boolean;
  /** How it writes thoughts before an answer; null where it does not. */
  thoughts: ThoughtForm | null;
}

/** A template of a few thousand letters takes less than a millisecond, and this on the slowest machine. Milliseconds. */
const RENDER_MS = 10_000;
/** It is rendered some hundred times to find out what it does. Milliseconds. */
const FIND_MS = 60_000;

/**
 * Finding the form out tries the model's template against every known one, up to half a second of blocking work, which is
 * spared for the commonest template. It is tried with small conversations here, so a template that is broken, or runs for
 * ever, shows while the model is loaded. A file without a template speaks as its name suggests, or else ChatML. Throws
 * `model_unreadable` for a template that does not work.
 */
export function findChatWrapper(library: Llama, model: LlamaModel, findMs = FIND_MS): FoundWrapper {
  const template = (model.fileInfo.metadata.tokenizer?.chat_template ?? '').trim();
  if (template.replaceAll(/\s/g, '') === CHATML) return withoutThoughts(new library.ChatMLChatWrapper());
  try {
    return within(findMs, () => {
      const wrapper = library.resolveChatWrapper(model, {
        warningLogs: false,
        fallbackToOtherWrappersOnJinjaError: template === '',
      });
      if (template === '' && wrapper instanceof library.GeneralChatWrapper)
        return withoutThoughts(new library.ChatMLChatWrapper());
      tryOut(wrapper);
      return {
        wrapper: bounded(library, wrapper),
        thinks: thinks(library, wrapper, template),
        thoughts: findThoughtForm(library, wrapper, template),
      };
    });
  } catch (cause) {
    throw new OspainError('model_unreadable', `its chat template does not work: ${firstLine(cause)}`, { cause });
  }
}

const withoutThoughts = (wrapper: ChatWrapper): FoundWrapper => ({ wrapper, thinks: false, thoughts: null });

/** A template may also run for ever with some conversations only. */
function bounded(library: Llama, wrapper: ChatWrapper): ChatWrapper {
  if (!(wrapper instanceof library.JinjaTemplateChatWrapper)) return wrapper;
  const generateContextState: ChatWrapper['generateContextState'] = (options) => {
    try {
      return within(RENDER_MS, () => wrapper.generateContextState(options));
    } catch (cause) {
      throw new OspainError('model_unreadable', `The model's chat template fails: ${firstLine(cause)}`, { cause });
    }
  };
  return Object.create(wrapper, { generateContextState: { value: generateContextState } });
}

const firstLine = (thrown: unknown): string => String(thrown).split('\n')[0]?.slice(0, 300) ?? '';

function tryOut(wrapper: ChatWrapper): void {
  const history = wrapper.generateInitialChatHistory({ systemPrompt: 'system' });
  for (const text of ['one', 'two']) {
    history.push({ type: 'user', text }, { type: 'model', response: [] });
    wrapper.generateContextState({ chatHistory: history });
    history.pop();
    history.push({ type: 'model', response: ['answer'] });
  }
}

/** Some forms serve models with and without thoughts: it counts whether the template speaks of them. */
function thinks(library: Llama, { settings: { segments } }: ChatWrapper, template: string): boolean {
  const { thought, comment } = segments ?? {};
  return [thought, comment].some((segment) => {
    if (segment === undefined) return false;
    const { prefix } = segment;
    if (typeof prefix === 'object' && 'type' in prefix) return prefix.type === 'openedOnStart';
    return template.includes(plainText(library, prefix).trim());
  });
}
