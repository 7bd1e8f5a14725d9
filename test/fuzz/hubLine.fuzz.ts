import { once } from 'node:events';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { LINE_PATH, lineProtocols, OspainError, PROOF_HEADER, ServerFrame } from '../../protocol/index.ts';
import { serveApi } from '../server/transports/api/serveApi.ts';
import { allMethods, messages } from '../support/fuzz/messages.ts';
import { mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';

/** Frames of a hub: requests of every method, and frames that are none. Each is answered as a frame, or the line is closed. */
const corpus = [
  ...[
    '{"id":1,"method":"task/list","params":{"limit":2}}',
    '{"id":1,"cancel":true}',
    '[]',
    'null',
    '{"id":9007199254740993}',
  ],
  '{"id":1,"method":"task/submit","params":{"kind":"ask","instruction":"x"}}',
];
const words = [
  '{',
  '}',
  '"id":-1',
  '"id":"a"',
  '"method":',
  '"__proto__":{}',
  ',',
  '[',
  '\0',
  '\ud800',
  '1e999',
  '"params":null',
  'NaN',
];
const request = messages(allMethods.filter((method) => !method.startsWith('api/') && method !== 'hub/signOut')).map(
  (message) => JSON.stringify({ id: 1, ...message }),
);
const LAST = 4_000_000;

export default target({
  inputs: fc.record({
    frame: fc.oneof(mutated(corpus, words), request),
    binary: fc.integer({ min: 0, max: 20 }).map((one) => one === 0),
  }),
  batch: 500,
  async open() {
    const api = await serveApi();
    const { cookie, [PROOF_HEADER]: proof } = await api.enter();
    const url = `${api.api.url.replace('http', 'ws')}${LINE_PATH}`;
    const open = async () => {
      const socket = new WebSocket(url, lineProtocols(proof), { headers: { cookie, origin: api.api.url } });
      await once(socket, 'open');
      return socket;
    };
    let socket = await open();
    return {
      async run({ frame, binary }) {
        if (socket.readyState !== socket.OPEN) socket = await open();
        const line = socket;
        let problem: unknown;
        await new Promise<void>((resolve) => {
          const end = () => {
            line.off('message', onMessage).off('close', end);
            resolve();
          };
          const onMessage = (data: unknown) => {
            const answer = ServerFrame.safeParse(JSON.parse(String(data)));
            if (!answer.success) problem = answer.error;
            else if ('error' in answer.data && answer.data.error.code === 'internal')
              problem = OspainError.fromWire(answer.data.error);
            // Frames are answered in any order, but what was asked after it was heard after it.
            if (answer.success && 'id' in answer.data && answer.data.id === LAST) end();
          };
          line.on('message', onMessage).once('close', end);
          line.send(binary ? Buffer.from(frame) : frame);
          line.send(JSON.stringify({ id: LAST, method: 'server/status' }));
        });
        if (problem !== undefined) throw problem;
      },
      async close() {
        socket.terminate();
        await api[Symbol.asyncDispose]();
      },
    };
  },
});
