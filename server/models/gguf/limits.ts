/*
 * What a header may ask of its reader, whatever numbers it holds. Large real headers stay below: Gemma's, with 262,144
 * tokens and 514,906 merges, are about 15 MB.
 */

/** Bytes that are in memory at a time; no text that is kept may be longer. */
export const WINDOW = 262_144;
/** Bytes read of one file. */
export const MAX_READ = 32 * 2 ** 20;
/** Entries, items of arrays and tensors looked at in one file. */
export const MAX_STEPS = 2 ** 20;
export const MAX_KEYS = 4096;
export const MAX_KEY_BYTES = 256;
/** Texts that are kept, but for the chat template, which may fill the window. */
export const MAX_TEXT_BYTES = 4096;
/** Numbers kept of arrays that tell something for each layer. */
export const MAX_NUMBERS = 16_384;
/** What a model may count of anything, such as tokens of its context. */
export const MAX_COUNT = 2 ** 32 - 1;
/** Arrays in arrays. */
export const MAX_DEPTH = 4;
/** Steps that one array in an array counts for. */
export const NESTED_STEPS = 8;
export const MAX_TENSORS = 16_384;
/** llama.cpp's GGML_MAX_NAME, with the zero that ends it. */
export const MAX_TENSOR_NAME_BYTES = 63;
/** llama.cpp's GGML_MAX_DIMS. */
export const MAX_DIMENSIONS = 4;
export const MAX_LAYERS = 4096;
export const MAX_PARTS = 1024;
