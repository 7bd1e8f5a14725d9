import { OspainError } from '../../../protocol/index.ts';

const LONGEST = 200;
/** Names that Windows keeps for devices, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}<>:"/\\|?*]/u;

/** Whether this names a file in a folder, on every system, and nothing outside of the folder. */
export function isFileName(name: string): boolean {
  if (name === '' || Buffer.byteLength(name) > LONGEST || FORBIDDEN.test(name)) return false;
  return !/^[.\s]|[.\s]$/.test(name) && !DEVICE.test(name);
}

export function assertFileName(name: string): void {
  if (isFileName(name)) return;
  throw new OspainError('invalid_params', `A file cannot be named ${quoted(name)}.`, {
    hint: 'Use letters, digits, dots, dashes and underscores.',
  });
}

/** What somebody typed or sent, fit to stand in a message: short, and without control characters. */
export const quoted = (text: string): string => JSON.stringify(text.slice(0, 100)).replace(/[^\x20-\x7e]/g, '?');
