import { registerHooks } from 'node:module';

/* The worker program where no binary of llama.cpp loads, as where their libraries are missing. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('@node-llama-cpp/')) throw new Error('The specified module could not be found.');
    return next(specifier, context);
  },
});
await import('../../../../server/inference/llama/worker.ts');
