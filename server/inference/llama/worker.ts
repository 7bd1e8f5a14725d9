import '../../../guard/ofWorker.ts';
import {
  type CancellationToken,
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { guard } from '../../../guard/ofWorker.ts';
import { errorCodes, OspainError, type WireError } from '../../../protocol/index.ts';
import {
  backendNotification,
  completeRequest,
  embedRequest,
  generateRequest,
  heldRequest,
  loadRequest,
  parkRequest,
  progressNotification,
  restoreRequest,
  textNotification,
  thinkingNotification,
} from '../workerProtocol.ts';
import { type LoadedModel, loadModel } from './model.ts';
import type { Listener } from './pace.ts';
import { createThrottle } from './throttle.ts';

/*
 * The worker program: holds one model and makes tokens, for several requests at a time. Speaks JSON-RPC on standard input
 * and output, logs on standard error, knows no workspace, database or network. It ends when its input closes, so it never
 * outlives its server.
 */

// Standard output belongs to the protocol; a library that prints would break it.
console.log = console.info = console.debug = console.error;
// An interrupt at a terminal reaches the whole process group, but only the server decides when a worker ends.
process.on('SIGINT', () => {});

/** A message costs a tenth of what a token of a tiny model does; eyes do not see more than this many milliseconds. */
const TEXT_INTERVAL = 10;

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
let model: LoadedModel | null = null;

connection.onRequest(loadRequest, (params) =>
  answer(async () => {
    if (model !== null) throw new OspainError('wrong_state', 'The worker already holds a model.');
    model = await loadModel(params, (line) => process.stderr.write(`${line.trimEnd()}\n`), {
      onBackend: (backend) => connection.sendNotification(backendNotification, backend),
      onProgress: () => void connection.sendNotification(progressNotification, null),
    });
    return model.loaded;
  }),
);

connection.onRequest(generateRequest, ({ id, ...request }, cancellation: CancellationToken) =>
  answer(() => speak(id, cancellation, (listener) => holder().generate(request, listener))),
);

connection.onRequest(completeRequest, ({ id, ...request }, cancellation: CancellationToken) =>
  answer(() => speak(id, cancellation, (listener) => holder().complete(request, listener))),
);

connection.onRequest(embedRequest, (params, cancellation: CancellationToken) =>
  answer(() => holder().embed(params, listenerOf(cancellation))),
);

connection.onRequest(parkRequest, (params, cancellation: CancellationToken) =>
  answer(() => holder().park(params, listenerOf(cancellation))),
);

connection.onRequest(heldRequest, ({ conversation }) => answer(async () => holder().held(conversation)));

connection.onRequest(restoreRequest, ({ conversation }, cancellation: CancellationToken) =>
  answer(() => holder().restore(conversation, listenerOf(cancellation))),
);

guard.onRefused(({ api, target }) => process.stderr.write(`guard: refused ${api} ${target}\n`));
connection.onClose(exit);
connection.onError(exit);
connection.listen();

/** Without clean-up: the native threads may be in the middle of a computation, and nothing here needs saving. */
function exit(): void {
  process.kill(process.pid, 'SIGKILL');
}

function holder(): LoadedModel {
  if (model === null) throw new OspainError('wrong_state', 'The worker holds no model yet.');
  return model;
}

async function speak<T>(
  id: number,
  cancellation: CancellationToken,
  run: (listener: Listener) => Promise<T>,
): Promise<T> {
  const text = createThrottle(
    (text) => void connection.sendNotification(textNotification, { id, text }),
    TEXT_INTERVAL,
  );
  try {
    return await run({
      ...listenerOf(cancellation, (chunk) => text.push(chunk)),
      onThinking: () => void connection.sendNotification(thinkingNotification, { id }),
    });
  } finally {
    text.finish();
  }
}

const listenerOf = (cancellation: CancellationToken, onText: (text: string) => void = () => {}): Listener => ({
  isCancelled: () => cancellation.isCancellationRequested,
  cancelled: new Promise((resolve) => void cancellation.onCancellationRequested(resolve)),
  onText,
});

/** Failures cross as the wire form of an OspainError. */
async function answer<T>(work: () => Promise<T>): Promise<T | ResponseError<WireError>> {
  try {
    return await work();
  } catch (thrown) {
    const wire = OspainError.from(thrown).toWire();
    return new ResponseError(errorCodes[wire.code].rpc, wire.message, wire);
  }
}
