import { Console } from 'node:console';
import type { Readable, Writable } from 'node:stream';
import {
  type Connection,
  createConnection,
  type DataCallback,
  IPCMessageReader,
  IPCMessageWriter,
  type Message,
  type MessageReader,
  type MessageWriter,
  ProposedFeatures,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { errorCodes, OspainError } from '../../protocol/index.ts';
import { FrameReader } from './frameReader.ts';

/** The wire to an editor. */
export interface EditorLink {
  connection: Connection;
  /** Calls back once when the editor's end of the wire is gone. */
  onGone(listener: () => void): void;
}

/** The wire that the command line of this process names: `--node-ipc`, or standard input and output. */
export function openEditorLink(process: NodeJS.Process): EditorLink {
  if (process.argv.includes('--node-ipc')) {
    const writer = new IPCMessageWriter(process);
    const connection = connect(new IPCMessageReader(process), writer);
    return { connection, onGone: (listener) => void process.once('disconnect', listener) };
  }
  // Standard output belongs to the protocol; a stray line in it would end the session.
  globalThis.console = new Console(process.stderr, process.stderr);
  return createStreamLink(process.stdin, process.stdout);
}

export function createStreamLink(input: Readable, output: Writable): EditorLink {
  const writer = new StreamMessageWriter(output);
  const reader = new FrameReader(input, (error, id) => refuse(writer, error, errorCodes[error.code].rpc, id));
  return { connection: connect(reader, writer), onGone: (listener) => void reader.onClose(listener) };
}

/**
 * Messages that are no JSON-RPC are answered here and never reach the library, which would log them whole. Batches are
 * among them: LSP has none.
 */
function connect(reader: MessageReader, writer: MessageWriter): Connection {
  const guarded: MessageReader = {
    onError: reader.onError,
    onClose: reader.onClose,
    onPartialMessage: reader.onPartialMessage,
    dispose: () => reader.dispose(),
    listen: (callback: DataCallback) =>
      reader.listen((message) => {
        if (isMessage(message)) callback(message);
        else refuse(writer, new OspainError('malformed', 'A message is not JSON-RPC 2.0.'), INVALID_REQUEST, null);
      }),
  };
  return createConnection(ProposedFeatures.all, guarded, writer);
}

/** Answers what has no readable id with `id: null` (JSON-RPC 2.0 section 5). */
function refuse(writer: MessageWriter, error: OspainError, rpc: number, id: string | number | null): void {
  const answer = { jsonrpc: '2.0', id, error: { code: rpc, message: error.message, data: error.toWire() } };
  // A wire that just broke is noticed by `onGone`.
  writer.write(answer as Message).catch(() => {});
}

/** JSON-RPC 2.0 section 5.1. */
const INVALID_REQUEST = -32600;

function isMessage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { id, method, params, result, error } = value as Record<string, unknown>;
  const named = typeof id === 'string' || typeof id === 'number';
  if (method === undefined) return named && (result !== undefined || error !== undefined);
  if (typeof method !== 'string' || (id !== undefined && !named)) return false;
  // The library reads this field of this message without looking.
  if (method === '$/cancelRequest')
    return ['string', 'number'].includes(typeof (params as { id?: unknown } | null)?.id);
  return true;
}
