import type { ChatHistoryItem, ChatModelFunctionCall, ChatModelResponse, ChatWrapper } from 'node-llama-cpp';
import { OspainError, type ToolCall } from '../../../protocol/index.ts';
import type { Turn } from '../engine.ts';

/**
 * A transcript as the library wants it, ending with the model's turn that is to be written. Throws `invalid_params` where
 * calls and results do not belong together.
 */
export function readHistory(
  wrapper: ChatWrapper,
  { system, turns }: { system: string; turns: readonly Turn[] },
): ChatHistoryItem[] {
  const history: ChatHistoryItem[] = wrapper.generateInitialChatHistory({ systemPrompt: system });
  const open = new Map<string, ChatModelFunctionCall>();
  /** Calls, results and what follows them are one turn of the model. */
  let model: ChatModelResponse | null = null;

  for (const turn of turns) {
    if (turn.role === 'tool') {
      const call = open.get(turn.callId);
      if (call === undefined) throw mismatch(`The result of ${turn.callId} answers no call.`);
      call.result = readJson(turn.text);
      open.delete(turn.callId);
      continue;
    }
    const [missing] = open.keys();
    if (missing !== undefined) throw mismatch(`The call ${missing} has no result.`);
    if (turn.role === 'user') {
      model = null;
      history.push({ type: 'user', text: turn.text });
      continue;
    }
    const { text, calls = [] } = turn;
    const goesOn: ChatModelResponse | null = model;
    const response: ChatModelResponse = goesOn ?? { type: 'model', response: [] };
    if (goesOn === null) history.push(response);
    if (text !== '' || calls.length === 0) response.response.push(text);
    for (const [index, call] of calls.entries()) {
      const item = readCall(call, index === 0);
      open.set(call.id, item);
      response.response.push(item);
    }
    model = calls.length > 0 ? response : null;
  }
  const [missing] = open.keys();
  if (missing !== undefined) throw mismatch(`The call ${missing} has no result.`);
  if (model === null) history.push({ type: 'model', response: [] });
  return history;
}

const readCall = ({ name, arguments: text }: ToolCall, startsNewChunk: boolean): ChatModelFunctionCall => ({
  type: 'functionCall',
  name,
  params: readJson(text),
  result: undefined,
  startsNewChunk,
});

/** Most results and all arguments are JSON; what is not is a text. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const mismatch = (what: string): OspainError => new OspainError('invalid_params', what);
