import type { ChatWrapper, LlamaModel, LlamaText } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Llama } from './library.ts';

/** ChatML as most models spell it, without blanks. */
const CHATML =
  "{%formessageinmessages%}{{'<|im_start|>'+message['role']+'\\n'+message['content']+'<|im_end|>'+'\\n'}}{%endfor%}{%ifadd_generation_prompt%}{{'<|im_start|>assistant\\n'}}{%endif%}";

export interface FoundWrapper {
  /** What writes transcripts in the model's own form. */
  wrapper: ChatWrapper;
  /** The form knows parts of an answer that are no text for a person, such as thoughts. */
  thinks: boolean;
}

/**
 * Finding the form out tries the model's template against every known one, up to half a second of blocking work, which is
 * spared for the commonest template. It is tried with small conversations here, so a template that is broken, or runs for
 * ever, shows while the model is loaded. A file without a template speaks as its name suggests, or else ChatML. Throws
 * `model_unreadable` for a template that does not work.
 */
export function findChatWrapper(library: Llama, model: LlamaModel): FoundWrapper {
  const template = (model.fileInfo.metadata.tokenizer?.chat_template ?? '').trim();
  if (template.replaceAll(/\s/g, '') === CHATML) return { wrapper: new library.ChatMLChatWrapper(), thinks: false };
  try {
    const wrapper = library.resolveChatWrapper(model, {
      warningLogs: false,
      fallbackToOtherWrappersOnJinjaError: template === '',
    });
    if (template === '' && wrapper instanceof library.GeneralChatWrapper)
      return { wrapper: new library.ChatMLChatWrapper(), thinks: false };
    tryOut(wrapper);
    return { wrapper, thinks: thinks(library, wrapper, template) };
  } catch (cause) {
    throw new OspainError('model_unreadable', `its chat template does not work: ${firstLine(cause)}`, { cause });
  }
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

const plainText = (library: Llama, text: string | LlamaText): string =>
  library
    .LlamaText(text)
    .values.map((value) => (typeof value === 'string' ? value : value.value))
    .join('');
