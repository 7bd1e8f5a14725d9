import type {
  ChatModelFunctions,
  ChatWrapper,
  ChatWrapperGenerateContextStateOptions,
  ChatWrapperGeneratedContextState,
  Llama as LlamaBinding,
} from 'node-llama-cpp';
import { OspainError, type ToolDefinition } from '../../../protocol/index.ts';
import type { ToolChoice } from '../engine.ts';
import { assertFollowable } from './grammar.ts';
import type { Llama } from './library.ts';
import { readSchema, withoutNulls } from './schema.ts';

/** The tools of a request, in the words of a model's template. */
export interface Tools {
  /** Those that may be called, as the grammar of calls wants them. */
  callable: ChatModelFunctions;
  /** Writes transcripts with all tools described, and begins with a call where one is required. */
  wrapper: ChatWrapper;
  /** Calls of one answer. */
  most: number;
  /** JSON text. */
  argumentsOf(name: string, params: unknown): string;
}

/** A model that repeats itself would call to the end of the context. */
const MOST_CALLS = 8;

/** Null when none may be called. Rejects with `invalid_params` for tools that cannot be called. */
export async function readTools(
  { library, llama, wrapper }: { library: Llama; llama: LlamaBinding; wrapper: ChatWrapper },
  { tools = [], toolChoice = 'auto' }: { tools?: readonly ToolDefinition[]; toolChoice?: ToolChoice },
): Promise<Tools | null> {
  if (tools.length === 0 || toolChoice === 'none') return null;
  assertCallable(tools, toolChoice);
  const described = functionsOf(tools, false);
  const only = typeof toolChoice === 'string' ? tools : tools.filter(({ name }) => name === toolChoice.name);
  const callable = functionsOf(only, true);
  for (const { params } of Object.values(callable)) if (params) await assertFollowable(llama, params);
  const schemas = new Map(tools.map(({ name, parameters }) => [name, parameters]));
  return {
    callable,
    most: typeof toolChoice === 'string' ? MOST_CALLS : 1,
    wrapper: wrapperWith(library, wrapper, described, toolChoice !== 'auto'),
    argumentsOf: (name, params) => JSON.stringify(withoutNulls(params, schemas.get(name)) ?? {}),
  };
}

function assertCallable(tools: readonly ToolDefinition[], choice: ToolChoice): void {
  const names = tools.map(({ name }) => name);
  const bad = names.find((name) => !/^[\w.-]+$/.test(name));
  if (bad !== undefined) throw new OspainError('invalid_params', `No tool can be called ${JSON.stringify(bad)}.`);
  if (new Set(names).size < names.length) throw new OspainError('invalid_params', 'Two tools have the same name.');
  if (typeof choice === 'object' && !names.includes(choice.name))
    throw new OspainError('invalid_params', `There is no tool ${choice.name} to be called.`);
}

const functionsOf = (tools: readonly ToolDefinition[], optionalAsNull: boolean): ChatModelFunctions =>
  Object.fromEntries(
    tools.map(({ name, description, parameters }) => [
      name,
      {
        ...(description !== undefined && { description }),
        ...(parameters !== undefined && { params: readSchema(parameters, { optionalAsNull }) }),
      },
    ]),
  );

/** The grammar may allow less than what is described: a model that was told of all tools understands the transcript. */
function wrapperWith(library: Llama, wrapper: ChatWrapper, described: ChatModelFunctions, must: boolean): ChatWrapper {
  const generateContextState = (options: ChatWrapperGenerateContextStateOptions): ChatWrapperGeneratedContextState => {
    const state = wrapper.generateContextState({ ...options, availableFunctions: described });
    if (!must) return state;
    const { contextText, stopGenerationTriggers } = state;
    return {
      contextText,
      stopGenerationTriggers,
      noPrefixTrigger: { type: 'functionCall', inject: library.LlamaText('') },
    };
  };
  return Object.create(wrapper, {
    generateContextState: { value: generateContextState },
    // A thought that must be opened first would hold the call.
    ...(must && { settings: { value: { ...wrapper.settings, segments: {} } } }),
  });
}
