import type { Readable } from 'node:stream';
import {
  AbstractMessageReader,
  type DataCallback,
  type Disposable,
  type MessageReader,
} from 'vscode-languageserver/node';
import { OspainError } from '../../protocol/index.ts';
import { MAX_MESSAGE } from './served.ts';

/** Bytes of a header that may come without an end; what is longer is junk. */
const MAX_HEADER = 8192;
/** Bytes of a body that tell its id. */
const HEAD = 256;
const END = Buffer.from('\r\n\r\n');

/** Told of each message that cannot be read, with its id where that was still seen. */
export type OnRefused = (error: OspainError, id: string | number | null) => void;

/**
 * Reads `Content-Length` frames and survives what the library's reader does not: a length that is missing, negative or
 * too large, a body that is not JSON. Each is refused once, and reading goes on at the next header that can be found.
 */
export class FrameReader extends AbstractMessageReader implements MessageReader {
  readonly #input: Readable;
  readonly #onRefused: OnRefused;
  #header: Buffer = Buffer.alloc(0);
  #body: Buffer[] = [];
  #kept = 0;
  /** Bytes of the body still to come; null while a header is read. */
  #missing: number | null = null;
  #skipping = false;
  /** Whether what comes is debris that was already refused. */
  #lost = false;

  constructor(input: Readable, onRefused: OnRefused) {
    super();
    this.#input = input;
    this.#onRefused = onRefused;
  }

  listen(callback: DataCallback): Disposable {
    const onData = (chunk: Buffer) => {
      let rest: Buffer | null = chunk;
      while (rest !== null) rest = this.#missing === null ? this.#readHeader(rest) : this.#readBody(rest, callback);
    };
    let open = true;
    const onEnd = () => {
      if (open) this.fireClose();
      open = false;
    };
    this.#input.on('data', onData).once('end', onEnd).once('close', onEnd);
    this.#input.on('error', (error) => this.fireError(error));
    return { dispose: () => this.#input.off('data', onData).off('end', onEnd).off('close', onEnd) };
  }

  /** Returns the bytes after the header; null when more are needed. */
  #readHeader(chunk: Buffer): Buffer | null {
    this.#header = Buffer.concat([this.#header, chunk]);
    const end = this.#header.indexOf(END);
    if (end < 0) {
      if (this.#header.length <= MAX_HEADER) return null;
      // The tail may hold the first bytes of a good header.
      this.#header = this.#header.subarray(-64);
      this.#lose('A message header has no end.');
      return null;
    }
    const lines = this.#header.toString('latin1', 0, end);
    const rest = this.#header.subarray(end + END.length);
    this.#header = Buffer.alloc(0);
    // The last one in the block: whatever stands before it is the debris of an earlier frame.
    const at = lines.toLowerCase().lastIndexOf('content-length:');
    const length = at < 0 ? undefined : /^[^:]*:[ \t]*(\d{1,15})[ \t]*(?:\r\n|$)/.exec(lines.slice(at))?.[1];
    if (length === undefined) {
      this.#lose('A message header has no valid Content-Length.');
      return rest;
    }
    if (!/^(?:[\w-]+:[^\r\n]*\r\n)*$/.test(lines.slice(0, at))) this.#lose('There are bytes between two messages.');
    this.#lost = false;
    this.#missing = Number(length);
    this.#skipping = this.#missing > MAX_MESSAGE;
    return rest;
  }

  /** Returns the bytes after the body; null when more are needed. */
  #readBody(chunk: Buffer, callback: DataCallback): Buffer | null {
    const missing = this.#missing ?? 0;
    const part = chunk.subarray(0, missing);
    // Of a body that is too large only the head is kept, for its id.
    this.#body.push(this.#skipping ? part.subarray(0, Math.max(0, HEAD - this.#kept)) : part);
    this.#kept += part.length;
    this.#missing = missing - part.length;
    if (this.#missing > 0) return null;
    const body = Buffer.concat(this.#body);
    this.#body = [];
    this.#kept = 0;
    this.#missing = null;
    if (this.#skipping) this.#onRefused(new OspainError('too_large', TOO_LARGE, { hint: SEND_LESS }), idOf(body));
    else this.#deliver(body, callback);
    return chunk.length > part.length ? chunk.subarray(part.length) : null;
  }

  /** Says once that frames cannot be told apart, until one can again. */
  #lose(message: string): void {
    if (!this.#lost) this.#onRefused(new OspainError('malformed', message), null);
    this.#lost = true;
  }

  #deliver(body: Buffer, callback: DataCallback): void {
    let message: unknown;
    try {
      message = JSON.parse(body.toString());
    } catch (cause) {
      this.#onRefused(new OspainError('malformed', 'A message is not JSON.', { cause }), null);
      return;
    }
    callback(message as Parameters<DataCallback>[0]);
  }
}

const TOO_LARGE = `A message may have ${MAX_MESSAGE} bytes.`;
const SEND_LESS = 'Send less text at once.';

/** The id of a request from its first bytes, where the usual libraries write it. */
function idOf(head: Buffer): string | number | null {
  const text = head.toString('utf8', 0, HEAD);
  const id = /^\s*\{\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*(\d{1,15}|"[^"\\]{1,64}")/.exec(text)?.[1];
  return id === undefined ? null : (JSON.parse(id) as string | number);
}
