import type { ChatWrapper, LlamaModel } from 'node-llama-cpp';
import type { Llama } from './library.ts';

/** ChatML as most models spell it, without blanks. */
const CHATML =
  "{%formessageinmessages%}{{'<|im_start|>'+message['role']+'\\n'+message['content']+'<|im_end|>'+'\\n'}}{%endfor%}{%ifadd_generation_prompt%}{{'<|im_start|>assistant\\n'}}{%endif%}";

/**
 * What writes transcripts in the model's own form. Finding it out tries the model's template against every known one,
 * up to half a second of blocking work, which is spared for the commonest template.
 */
export function findChatWrapper(library: Llama, model: LlamaModel): ChatWrapper {
  const template = model.fileInfo.metadata.tokenizer?.chat_template ?? '';
  if (template.replaceAll(/\s/g, '') === CHATML) return new library.ChatMLChatWrapper();
  return library.resolveChatWrapper(model, { warningLogs: false });
}
