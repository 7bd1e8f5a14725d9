import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { ProposalFile } from '../../../protocol/index.ts';

/** Milliseconds after which two very different texts are no longer compared. */
const PATIENCE = 2000;

/** Edits as a unified diff that `git apply` reads. */
export const diffOf = (files: readonly ProposalFile[]): string => files.map(fileDiff).join('\n');

function fileDiff({ path, before, after }: ProposalFile): string {
  const from = before === null ? '/dev/null' : `a/${path}`;
  const options = { context: 3, timeout: PATIENCE };
  const patch = structuredPatch(from, `b/${path}`, before ?? '', after, undefined, undefined, options);
  if (patch !== undefined) return formatPatch(patch, FILE_HEADERS_ONLY).replace(/\n$/, '');
  return `${path} is too different to compare; it has ${after.split('\n').length} lines now.`;
}
