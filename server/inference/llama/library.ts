/** node-llama-cpp. Always loaded by a dynamic import and never bundled: it finds its native parts beside its own files. */
export type Llama = typeof import('node-llama-cpp');
