/** What a worker has in its environment wherever it runs. */
export const WORKER_ENV = {
  // More threads make decoding hop between them, which costs a factor of four with two llama.cpp threads.
  UV_THREADPOOL_SIZE: '1',
  // Otherwise a crash starts a debugger, which takes seconds and reads memory with prompts in it.
  GGML_NO_BACKTRACE: '1',
} as const;
