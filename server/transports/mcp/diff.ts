import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import type { ProposalFile } from '../../../protocol/index.ts';

/** Milliseconds after which two very different texts are no longer compared. */
const PATIENCE = 2000;

/** Edits as a unified diff that `git apply` reads; a moved file is one that goes and one that comes. */
export const diffOf = (files: readonly ProposalFile[]): string => files.map(fileDiff).join('\n');

function fileDiff({ path, before, after }: ProposalFile): string {
  const [from, to] = [before === null ? '/dev/null' : `a/${path}`, after === null ? '/dev/null' : `b/${path}`];
  const options = { context: 3, timeout: PATIENCE };
  const patch = structuredPatch(from, to, before ?? '', after ?? '', undefined, undefined, options);
  if (patch !== undefined) return formatPatch(patch, FILE_HEADERS_ONLY).replace(/\n$/, '');
  return `${path} is too different to compare; it has ${(after ?? '').split('\n').length} lines now.`;
}
