import { join } from 'node:path';
import fc from 'fast-check';
import { OspainError } from '../../protocol/index.ts';
import { openApp, serverFolders } from '../contract/app.ts';
import { allMethods, type Message, messages } from '../support/fuzz/messages.ts';
import { target } from '../support/fuzz/target.ts';

/**
 * The whole core on its real database, behind its dispatcher: requests whose params follow the schemas get past the first check. Left
 * out is what reaches beyond the data folder or the machine, and what would start work: those have targets and tests of their own.
 */
const LEFT_OUT =
  /^(api|upload|pull|hub|backup)\/|^(queue\/resume|model\/(load|benchmark|adopt|adoptable|import|pin)|inference\/.*|completion\/inline|action\/run|action\/commitMessage|note\/(export|import)|server\/trust|mcp\/.*|codeIndex\/refresh)$/;
const asked = messages(allMethods.filter((method) => !LEFT_OUT.test(method)));
/** A few in a row, so that one finds what another made. */
const inputs: fc.Arbitrary<Message[]> = fc.array(asked, { minLength: 1, maxLength: 8 });

export default target({
  inputs,
  batch: 200,
  async open() {
    const folders = serverFolders();
    const app = await openApp(folders.workspace, { ...folders.env, HOME: join(folders.workspace, 'home') });
    await app.dispatch('queue/pause', {});
    return {
      async run(asked) {
        for (const { method, params } of asked) {
          const outcome = await app.dispatch(method, params);
          if (outcome.ok || outcome.error.code !== 'internal') continue;
          throw new Error(`${method}: ${outcome.error.cause}`, { cause: OspainError.fromWire(outcome.error) });
        }
      },
      async close() {
        await app.dispose();
        folders[Symbol.dispose]();
      },
    };
  },
});
