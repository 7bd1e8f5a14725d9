import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { OspainError } from '../../protocol/index.ts';
import { shown } from './workspacePaths.ts';

/** Larger files are refused whole; a part of a file is never passed off as the file. Bytes. */
export const MAX_FILE = 1_048_576;

/** Keeps a byte order mark as the first character, so that writing the text back gives the same bytes. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a regular file, byte for byte: BOM and CRLF stay in it. Throws `not_found`, `too_large`, `invalid_params`
 * for what is not text, and `unavailable`. `absolute` comes from `resolveInside`; `path` is what the person reads.
 */
export function readText(absolute: string, path: string): string {
  const bytes = readBytes(absolute, path);
  if (bytes.includes(0)) throw notText(path, 'it is binary');
  try {
    return decoder.decode(bytes);
  } catch {
    throw notText(path, 'it is not UTF-8');
  }
}

function readBytes(absolute: string, path: string): Buffer {
  let file: number;
  try {
    // Never waits for a FIFO's other end, never follows a link that was put there since the path was checked.
    file = openSync(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  } catch (cause) {
    throw unreadable(path, cause as NodeJS.ErrnoException);
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw notText(path, 'it is not a regular file');
    if (stats.size > MAX_FILE)
      throw new OspainError('too_large', `${shown(path)} has ${stats.size} bytes; files up to ${MAX_FILE} are read.`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function unreadable(path: string, cause: NodeJS.ErrnoException): OspainError {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
    return new OspainError('not_found', `There is no file ${shown(path)}.`, { cause });
  if (cause.code === 'ELOOP' || cause.code === 'ENXIO') return notText(path, 'it is not a regular file');
  return new OspainError('unavailable', `${shown(path)} cannot be read.`, { hint: 'Check its permissions.', cause });
}

const notText = (path: string, why: string): OspainError =>
  new OspainError('invalid_params', `${shown(path)} is not a text file: ${why}.`);
