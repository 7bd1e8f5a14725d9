import type { GbnfJsonSchema, Llama as LlamaBinding, LlamaGrammar } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Grammar } from '../engine.ts';
import { readSchema } from './schema.ts';

/** Rejects with `invalid_params` for a grammar or schema that cannot be followed. */
export async function readGrammar(llama: LlamaBinding, grammar: Grammar): Promise<LlamaGrammar> {
  return 'gbnf' in grammar
    ? understood(() => llama.createGrammar({ grammar: grammar.gbnf }))
    : assertFollowable(llama, readSchema(grammar.schema, { optionalAsNull: false }));
}

export const assertFollowable = (llama: LlamaBinding, schema: GbnfJsonSchema): Promise<LlamaGrammar> =>
  understood(() => llama.createGrammarForJsonSchema(schema as AnySchema));

/** The library infers the type of the answer from that of the schema, which is not known here. */
type AnySchema = Parameters<LlamaBinding['createGrammarForJsonSchema']>[0];

async function understood<T>(create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (cause) {
    throw new OspainError('invalid_params', 'The grammar or schema of the answer cannot be followed.', { cause });
  }
}
