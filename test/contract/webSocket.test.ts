import { LINE_PATH, PROOF_HEADER } from '../../protocol/index.ts';
import { createLine } from '../../webview/line/line.ts';
import { socketPipe } from '../../webview/line/socketPipe.ts';
import { serveApi, WORKSPACE } from '../server/transports/api/serveApi.ts';
import { openApp, serverFolders } from './app.ts';
import { contract } from './suite.ts';

/** What a browser adds by itself, the socket of Node has to be told. */
type NodeSocket = new (url: string, options: { protocols: string[]; headers: Record<string, string> }) => WebSocket;

contract('a WebSocket, by the line of the hub', async () => {
  const folders = serverFolders();
  const app = await openApp(folders.workspace, folders.env);
  // Apart from the one that the suite starts and stops.
  const served = await serveApi({ memory: app });
  const { cookie, [PROOF_HEADER]: proof } = await served.enter();
  const headers = { cookie, origin: served.api.url };
  const line = createLine({
    open: socketPipe({
      session: { proof, look: async () => ({ workspace: WORKSPACE, expiresAt: Date.now() + 60_000 }) },
      connect: (protocols) =>
        new (WebSocket as unknown as NodeSocket)(`${served.api.url.replace('http', 'ws')}${LINE_PATH}`, {
          protocols,
          headers,
        }),
    }),
    delay: () => () => {},
    random: () => 0,
  });
  await new Promise<void>((resolve) => {
    line.onDidChangeState(({ name }) => name === 'open' && resolve());
  });
  return {
    carrier: line,
    async close() {
      await line.close();
      await served[Symbol.asyncDispose]();
      await app.dispose();
      folders[Symbol.dispose]();
    },
  };
});
