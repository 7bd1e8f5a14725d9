import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import {
  type Generated,
  generateRequest,
  type Loaded,
  loadRequest,
  progressNotification,
  textNotification,
} from '../../../server/inference/workerProtocol.ts';

/*
 * Stands in for the worker program. Never finishes to load a file whose name has `hang` in it, nor an answer to `hang`: it
 * computes for ever and hears nothing any more, not even that its input closes. Before that it shows one sign of life.
 */
const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);

const hang = () => {
  for (;;);
};

const loaded: Loaded = {
  ...{ contextLength: 4096, sequences: 2, architecture: 'none', hasChatTemplate: true, canFill: false },
  ...{ canEmbed: false, memoryBytes: 0, gpu: null, threads: 1, loadMs: 0, build: 'none' },
};
const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };

connection.onRequest(loadRequest, ({ path }) => (path.includes('hang') ? hang() : loaded));

connection.onRequest(generateRequest, async ({ id, turns }): Promise<Generated> => {
  const text = turns.at(-1)?.text ?? '';
  if (text === 'hang') {
    await connection.sendNotification(progressNotification, null);
    await connection.sendNotification(textNotification, { id, text: 'I think' });
    setImmediate(hang);
    await new Promise(() => {});
  }
  // Others wait a little, so that one that hangs finds them at work.
  if (text === 'wait') await new Promise(() => {});
  await connection.sendNotification(textNotification, { id, text: 'Fine.' });
  return { text: 'Fine.', stop: 'end', usage };
});

connection.onClose(() => process.exit());
connection.listen();
