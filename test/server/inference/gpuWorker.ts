import { basename } from 'node:path';
import { createMessageConnection, ResponseError, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { errorCodes, type WireError } from '../../../protocol/index.ts';
import {
  backendNotification,
  type Generated,
  generateRequest,
  type Loaded,
  loadRequest,
} from '../../../server/inference/workerProtocol.ts';

/*
 * Stands in for the worker program on a machine with a graphics processor. The name of the file says how loading ends with
 * one: `driver.gguf` before llama.cpp runs, `abort.gguf`, `hang.gguf` and `refuse.gguf` while the model is read; and that of
 * `never.gguf` in any case. `later.gguf` is loaded, and ends when it is told to crash or to hang.
 */
const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);

const refusal: WireError = { code: 'model_unreadable', message: 'The graphics processor has too little memory.' };
const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };

/** It will fail with the graphics processor. */
let later = false;

connection.onRequest(loadRequest, async ({ path, gpu }): Promise<Loaded | ResponseError<WireError>> => {
  const name = basename(path, '.gguf');
  const backend = gpu === 'auto' ? 'cuda' : null;
  if (name === 'driver' && backend !== null) process.abort();
  await connection.sendNotification(backendNotification, { gpu: backend, notes: [] });
  if (name === 'never' || (name === 'abort' && backend !== null)) process.abort();
  later = name === 'later' && backend !== null;
  if (name === 'hang' && backend !== null) for (;;);
  if (name === 'refuse' && backend !== null)
    return new ResponseError(errorCodes.model_unreadable.rpc, refusal.message, refusal);
  return {
    ...{ contextLength: 4096, sequences: 2, architecture: 'none', hasChatTemplate: true, canFill: false },
    ...{ canEmbed: false, memoryBytes: 0, gpu: backend, threads: 1, loadMs: 0, build: 'none' },
  };
});
connection.onRequest(generateRequest, ({ turns }): Generated => {
  const told = turns.at(-1)?.text;
  if (later && told === 'crash') process.abort();
  if (later && told === 'hang') for (;;);
  return { text: 'Fine.', stop: 'end', usage };
});
connection.onClose(() => process.exit());
connection.listen();
