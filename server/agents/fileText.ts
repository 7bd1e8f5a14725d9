import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, realpathSync, statSync } from 'node:fs';
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
    if (!isAt(file, absolute)) throw notText(path, 'another file came in its place');
    if (stats.size > MAX_FILE)
      throw new OspainError('too_large', `${shown(path)} has ${stats.size} bytes; files up to ${MAX_FILE} are read.`);
    return readAll(file, stats.size, path);
  } finally {
    closeSync(file);
  }
}

/** Whether an open file lies where it was asked for: a folder on the way may have become a link since the path was checked. */
function isAt(file: number, absolute: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${file}`) === absolute;
  } catch {
    // Only Linux has these; elsewhere the file that is there afterwards must be the one that was opened.
  }
  const opened = fstatSync(file, { bigint: true });
  const there = statSync(absolute, { bigint: true });
  return opened.ino === there.ino && opened.dev === there.dev && realpathSync.native(absolute) === absolute;
}

/** No more than the size that was looked at: a file that grows, or that the system makes up as it is read, is not waited for. */
function readAll(file: number, size: number, path: string): Buffer {
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length <= size; length += read)
    read = readSync(file, buffer, length, size + 1 - length, null);
  if (length <= size) return buffer.subarray(0, length);
  throw new OspainError('unavailable', `${shown(path)} grew while it was read.`, { hint: 'Try again.' });
}

function unreadable(path: string, cause: NodeJS.ErrnoException): OspainError {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
    return new OspainError('not_found', `There is no file ${shown(path)}.`, { cause });
  if (cause.code === 'ELOOP' || cause.code === 'ENXIO') return notText(path, 'it is not a regular file');
  return new OspainError('unavailable', `${shown(path)} cannot be read.`, { hint: 'Check its permissions.', cause });
}

const notText = (path: string, why: string): OspainError =>
  new OspainError('invalid_params', `${shown(path)} is not a text file: ${why}.`);
