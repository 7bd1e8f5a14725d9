import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatchHunk, structuredPatch } from 'diff';
import type { Hunk, Proposal, ProposalFile } from '../protocol/index.ts';
import type { Screen } from './screen.ts';
import { plural } from './text.ts';

/** Milliseconds after which two very different texts are no longer compared. */
const PATIENCE = 2000;

/** What a diff is made of. */
interface Edits extends Pick<Proposal, 'moves'> {
  /** With their hunks, these are numbered. */
  files: readonly (ProposalFile & { hunks?: readonly Hunk[] })[];
}

/** Edits as a unified diff that `git apply` and `patch -p1` read. */
export function diffText({ files, moves }: Edits, screen: Pick<Screen, 'paint' | 'safe'>) {
  const origins = new Map(moves.map(({ from, to }) => [to, files.find(({ path }) => path === from)]));
  const moved = new Set(moves.map(({ from }) => from));
  return files
    .filter(({ path }) => !moved.has(path))
    .map((file) => {
      const lines = screen.safe(fileDiff(file, origins.get(file.path))).split('\n');
      const body = lines.findIndex((line) => line.startsWith('@@'));
      return lines.map((line, index) => painted(line, index < body || body < 0, screen)).join('\n');
    })
    .join('\n');
}

function fileDiff(file: Edits['files'][number], origin: ProposalFile | undefined): string {
  const { path, before, after, hunks = [] } = file;
  const source = origin?.path ?? path;
  const text = origin ? origin.before : before;
  const [from, to] = [text === null ? '/dev/null' : `a/${source}`, after === null ? '/dev/null' : `b/${path}`];
  const options = { context: 3, timeout: PATIENCE };
  const patch = structuredPatch(from, to, text ?? '', after ?? '', undefined, undefined, options);
  if (patch === undefined)
    return `${path} is too different to compare; it has ${plural((after ?? '').split('\n').length, 'line')} now.`;
  // A moved file is decided on whole.
  const labels = patch.hunks.map((block) => (origin === undefined ? label(block, hunks) : ''));
  const lines = patch.hunks.length > 0 ? formatPatch(patch, FILE_HEADERS_ONLY).replace(/\n$/, '').split('\n') : [];
  const body = lines.map((line) => (line.startsWith('@@') ? line + labels.shift() : line));
  return [`diff --git a/${source} b/${path}`, ...kindOfChange(source, path, { before: text, after }), ...body].join(
    '\n',
  );
}

/** Which hunks are in a block of lines that stand near each other: what a patch may say behind the place of a block. */
function label(block: StructuredPatchHunk, hunks: readonly Hunk[]): string {
  const meets = (from: number, lines: number, { line, count }: Hunk['before']): boolean =>
    count > 0 && line < from + lines && from < line + count;
  const numbers = hunks.flatMap(({ before, after }, index) =>
    meets(block.oldStart, block.oldLines, before) || meets(block.newStart, block.newLines, after) ? [index + 1] : [],
  );
  if (numbers.length === 0) return '';
  return ` hunk${numbers.length > 1 ? 's' : ''} ${numbers.join(', ')}`;
}

/** What lines alone do not say: that a file was moved, and that an empty one came or went. */
function kindOfChange(from: string, to: string, { before, after }: Pick<ProposalFile, 'before' | 'after'>): string[] {
  if (before === null) return ['new file mode 100644'];
  if (after === null) return ['deleted file mode 100644'];
  return from === to ? [] : [`rename from ${from}`, `rename to ${to}`];
}

function painted(line: string, isHead: boolean, { paint }: Pick<Screen, 'paint'>): string {
  if (isHead) return paint.bold(line);
  if (line.startsWith('@@')) return paint.cyan(line);
  if (line.startsWith('+')) return paint.green(line);
  return line.startsWith('-') ? paint.red(line) : line;
}
