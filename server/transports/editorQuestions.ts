import type { ClientCapabilities, Connection } from 'vscode-languageserver/node';
import { type Editor, editorMethods } from '../../protocol/index.ts';

/** Milliseconds that an editor gets for an answer. */
const PATIENCE = 10_000;

/** The editor at the other end of a connection, for what it says that it answers. */
export function editorAt(
  connection: Pick<Connection, 'sendRequest'>,
  { experimental }: ClientCapabilities,
  patience = PATIENCE,
): Editor {
  const offered: unknown = experimental?.ospain2;
  const answers = new Set<unknown>(Array.isArray(offered) ? offered : []);
  return {
    async ask(method, params, signal) {
      if (!answers.has(method) || signal?.aborted) return undefined;
      const ended = Promise.withResolvers<undefined>();
      const end = () => ended.resolve(undefined);
      const timer = setTimeout(end, patience);
      signal?.addEventListener('abort', end, { once: true });
      try {
        // An editor that fails, answers something else or is gone is one that cannot say.
        const answer = connection.sendRequest<unknown>(method, params).catch(end);
        const parsed = editorMethods[method].result.safeParse(await Promise.race([answer, ended.promise]));
        return parsed.success ? (parsed.data as never) : undefined;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
      }
    },
  };
}
