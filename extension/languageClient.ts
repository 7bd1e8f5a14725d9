import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogOutputChannel, WorkspaceFolder } from 'vscode';
import {
  CancellationTokenSource,
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import type { Carrier } from '../protocol/client.ts';
import { OspainError } from '../protocol/errors.ts';
import { type Notification, type NotificationName, notifications } from '../protocol/methods.ts';
import { t } from '../protocol/words.ts';
import { editorAnswers } from './editorAnswers.ts';
import { problemOf } from './problem.ts';
import { fromResponseError } from './responseError.ts';
import type { ServerSettings } from './settings.ts';
import { speakAsVscode } from './speech.ts';

export interface LaunchOptions {
  /** Absolute path of the server program. */
  readonly module: string;
  readonly folder: WorkspaceFolder;
  readonly settings: ServerSettings;
  readonly log: LogOutputChannel;
  /** Called once when the server ended by itself after it had started. */
  onClosed(): void;
  /** Aborts when nobody wants the server any more, although it has not started yet. */
  readonly signal: AbortSignal;
}

/** Milliseconds that a server has to finish its transactions and workers. */
const STOP_MS = 4000;

const KEYLESS: ReadonlySet<string> = new Set(['key_locked', 'key_unavailable']);

/** The library shows messages of its own; the product says each thing once, in its own words. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/**
 * Starts a server process and resolves with the line to it once its core answers. Rejects with the OspainError that says why
 * it cannot work. This module is loaded at first need: with it come the language client and zod, the slow part of a start.
 */
export async function launchServer(options: LaunchOptions): Promise<Carrier> {
  speakAsVscode();
  const listeners = new Set<(notification: Notification) => void>();
  const life = watchLife(options.onClosed);
  const client = new QuietClient(
    'ospain2',
    'OSPAiN2',
    serverOptions(options.module),
    clientOptions(options, life.onClosed),
  );
  for (const method of Object.keys(notifications) as NotificationName[]) {
    client.onNotification(method, (params: unknown) => {
      // The server validates what it sends; the cast only names what the table says.
      for (const listener of [...listeners]) listener({ method, params } as Notification);
    });
  }
  const answers = editorAnswers(options.folder);
  for (const method of Object.keys(answers) as (keyof typeof answers)[]) {
    client.onRequest(method, (params: unknown) => (answers[method] as (params: unknown) => unknown)(params));
  }
  client.registerFeature({
    fillClientCapabilities: (capabilities) => {
      capabilities.experimental = { ...capabilities.experimental, ospain2: Object.keys(answers) };
    },
    initialize: () => {},
    getState: () => ({ kind: 'static' }),
    clear: () => {},
  });
  const carrier: Carrier = {
    request: async (method, params, { signal } = {}) => {
      const cancellation = new CancellationTokenSource();
      const cancel = () => cancellation.cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        if (signal?.aborted) cancel();
        return await client.sendRequest<unknown>(method, params, cancellation.token);
      } catch (thrown) {
        throw fromResponseError(thrown);
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      life.end();
      listeners.clear();
      // A server that does not end in time is killed by the client; there is nothing more to do about it here.
      await client.stop(STOP_MS).catch((error: unknown) => options.log.warn('Stopping the server', error));
    },
  };
  const starting = client.start();
  // A server whose core cannot start lives and says why.
  // One that waits for its passphrase or its key is as good: it can be given them.
  const answering = starting
    .then(() => carrier.request('server/status', {}))
    .catch((thrown: unknown) => {
      if (!KEYLESS.has(problemOf(thrown).code)) throw thrown;
    });
  try {
    await Promise.race([answering, life.closed, aborted(options.signal)]);
  } catch (thrown) {
    // A client can be stopped only when it has started, which is a matter of moments if it comes to it at all.
    await Promise.race([starting.catch(() => {}), delay(STOP_MS)]);
    const server = client.serverProcess;
    await carrier.close();
    server?.kill('SIGKILL');
    await starting.catch(() => {});
    throw fromResponseError(thrown);
  }
  life.started();
  return carrier;
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new OspainError('cancelled', t('The start of the OSPAiN2 server was called off.'));
}

/** Before the start is done, an end rejects `closed`; after it, `onClosed` is called; after `end()`, neither. */
function watchLife(onClosed: () => void) {
  let phase: 'starting' | 'started' | 'ended' = 'starting';
  let reject: (error: OspainError) => void = () => {};
  const closed = new Promise<never>((_, rejectClosed) => {
    reject = rejectClosed;
  });
  closed.catch(() => {});
  return {
    closed,
    started: () => {
      phase = 'started';
    },
    end: () => {
      phase = 'ended';
    },
    onClosed: () => {
      const was = phase;
      phase = 'ended';
      if (was === 'started') onClosed();
      if (was === 'starting')
        reject(
          new OspainError('unavailable', t('The OSPAiN2 server ended while it started.'), {
            hint: t('The log says why.'),
          }),
        );
    },
  };
}

function serverOptions(module: string) {
  const run = { module, transport: TransportKind.ipc };
  return { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } } };
}

function clientOptions({ folder, settings, log }: LaunchOptions, onClosed: () => void): LanguageClientOptions {
  return {
    documentSelector: [],
    workspaceFolder: folder,
    initializationOptions: settings,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed() {
        onClosed();
        // Starting again is the connection's business.
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
  };
}
