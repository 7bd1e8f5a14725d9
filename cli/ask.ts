import { createInterface } from 'node:readline/promises';
import { OspainError } from '../protocol/index.ts';
import type { Host } from './host.ts';

/** Asks the person a question on the terminal; only a clear yes is one. Where nobody can answer it throws `invalid_params`. */
export async function ask({ stdin, stderr }: Pick<Host, 'stdin' | 'stderr'>, question: string): Promise<boolean> {
  if (stdin.isTTY !== true || stderr.isTTY !== true)
    throw new OspainError('invalid_params', 'This asks first, and there is no terminal to ask on.', {
      hint: 'Say --yes to go on without being asked.',
    });
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    // Ctrl+C or Ctrl+D instead of an answer.
    lines.once('close', () => resolve(''));
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
