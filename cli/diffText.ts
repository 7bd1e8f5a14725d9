import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { ProposalFile } from '../protocol/index.ts';
import type { Screen } from './screen.ts';
import { plural } from './text.ts';

/** Milliseconds after which two very different texts are no longer compared. */
const PATIENCE = 2000;

/** Edits as a unified diff that `git apply` and `patch -p1` read. */
export const diffText = (files: readonly ProposalFile[], screen: Pick<Screen, 'paint' | 'safe'>): string =>
  files.flatMap((file) => screen.safe(fileDiff(file)).split('\n').map(painted(screen))).join('\n');

function fileDiff({ path, before, after }: ProposalFile): string {
  const from = before === null ? '/dev/null' : `a/${path}`;
  const options = { context: 3, timeout: PATIENCE };
  const patch = structuredPatch(from, `b/${path}`, before ?? '', after, undefined, undefined, options);
  if (patch !== undefined) return formatPatch(patch, FILE_HEADERS_ONLY).replace(/\n$/, '');
  return `${path} is too different to compare; it has ${plural(after.split('\n').length, 'line')} now.`;
}

const painted =
  ({ paint }: Pick<Screen, 'paint'>) =>
  (line: string, index: number): string => {
    if (index < 2) return paint.bold(line);
    if (line.startsWith('@@')) return paint.cyan(line);
    if (line.startsWith('+')) return paint.green(line);
    return line.startsWith('-') ? paint.red(line) : line;
  };
