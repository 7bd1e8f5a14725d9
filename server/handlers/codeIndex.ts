import type { CodeIndex } from '../codeIndex/codeIndex.ts';
import type { Handlers } from '../dispatch.ts';

type CodeIndexHandlers = Pick<Handlers, 'codeIndex/search' | 'codeIndex/status' | 'codeIndex/refresh'>;

export function createCodeIndexHandlers({ codeIndex }: { codeIndex: CodeIndex }): CodeIndexHandlers {
  return {
    'codeIndex/search': async ({ query, limit }, { signal }) => ({
      matches: await codeIndex.search(query, limit, signal),
    }),
    'codeIndex/status': () => ({ index: codeIndex.status() }),
    'codeIndex/refresh': async ({ anew }, { signal }) => {
      const { read, changed, gone } = await codeIndex.refresh({ anew }, signal);
      return { index: codeIndex.status(), read, changed, gone };
    },
  };
}
