import type { Completer } from '../completion/completer.ts';
import type { Handlers } from '../dispatch.ts';

export const createCompletionHandlers = ({
  completer,
}: {
  completer: Completer;
}): Pick<Handlers, 'completion/inline'> => ({
  'completion/inline': (params, { signal }) => completer.complete(params, signal),
});
