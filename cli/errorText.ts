import type { OspainError } from '../protocol/index.ts';
import type { Paint } from './paint.ts';
import { oneLine, plain } from './text.ts';

/** An error for people: what happened, what to do, and for failures of the program itself what was behind it. */
export function errorText(error: OspainError, paint: Paint): string {
  const { code, message, hint, cause } = error.toWire();
  const lines = [`${paint.red(`error[${code}]:`)} ${plain(message)}`];
  if (hint !== undefined) lines.push(`${paint.dim('hint:')} ${plain(hint)}`);
  const ours = code === 'internal' || code === 'unavailable';
  if (ours && cause !== undefined) lines.push(`${paint.dim('cause:')} ${oneLine(cause)}`);
  return lines.join('\n');
}
