import { OspainError, type ProposalFile } from '../../protocol/index.ts';
import { applyEdits, type EditOutcome } from './edits.ts';
import { searchFiles } from './files.ts';
import type { Call } from './format.ts';
import type { Overlay } from './overlay.ts';
import {
  andMore,
  editChangesNothing,
  editResult,
  fileExists,
  foundNothing,
  inBlock,
  isFolder,
  noSuchFile,
  noSuchFolder,
  notAsked,
  readResult,
  searchAmbiguous,
  searchNotFound,
  tooLong,
} from './prompts.ts';
import { nearestPath, type Place, shown } from './workspacePaths.ts';

/** A call that the workspace answers; `finish` ends the loop instead. */
export type WorkCall = Exclude<Call, { tool: 'finish' }>;

export interface ToolResult {
  ok: boolean;
  /** What the model reads: a result, or one line that says what is wrong. */
  text: string;
  /** What an edit made of its file. */
  edited?: ProposalFile;
}

export interface ToolContext {
  overlay: Overlay;
  /** Characters that a result may have. */
  room: number;
  signal: AbortSignal;
  /** Refuses an edit that cannot be what was asked, where the product knows what was. */
  isAsked?: (edit: { path: string; before: string | null; after: string }) => boolean;
}

/** Paths and lines shown at once. */
const MAX_PATHS = 200;
const MAX_MATCHES = 50;
const MAX_LINE = 200;

/**
 * Runs a call. What the model did wrong is a result that is not `ok`; it throws only when the task is to end. A call whose
 * result was lost with its server is run again, since no tool here changes anything outside of the overlay. One that does
 * must never be: nobody knows then how far it came, so the person is asked.
 */
export async function runCall(call: WorkCall, context: ToolContext): Promise<ToolResult> {
  try {
    const place = context.overlay.find(call.path);
    switch (call.tool) {
      case 'read_file':
        return await readFile(call.path, place, context);
      case 'list_files':
        return await listFolder(call.path, place, context);
      case 'search_text':
        return await searchText(call.path, call.text, place, context);
      case 'edit_file':
        return await editFile(call, place, context);
    }
  } catch (thrown) {
    context.signal.throwIfAborted();
    // Every refusal of the workspace is one sentence that the model may read; anything else is not its fault.
    if (thrown instanceof OspainError && thrown.code !== 'internal') return wrong(thrown.message);
    throw thrown;
  }
}

async function readFile(named: string, place: Place, context: ToolContext): Promise<ToolResult> {
  if (place.is === 'folder') return wrong(isFolder(shown(named)));
  const content = context.overlay.read(place);
  if (content === null) return wrong(await missing(named, place, context));
  const text = readResult(content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  if (text.length > context.room) return wrong(tooLong(shown(named), { characters: text.length, fit: context.room }));
  return right(text);
}

async function listFolder(named: string, place: Place, context: ToolContext): Promise<ToolResult> {
  if (place.is === 'file') return right(place.path);
  const { paths, complete } = await context.overlay.list(place.path, context.signal);
  if (place.is === 'nothing' && paths.length === 0) return wrong(noSuchFolder(shown(named)));
  return right(bounded(paths, complete, MAX_PATHS, context.room, 'list a folder below'));
}

async function searchText(named: string, text: string, place: Place, context: ToolContext): Promise<ToolResult> {
  const { overlay, signal, room } = context;
  if (place.is === 'nothing' && overlay.read(place) === null) return wrong(await missing(named, place, context));
  const isFolder = place.is === 'folder';
  const { paths, complete } = isFolder
    ? await overlay.list(place.path, signal)
    : { paths: [place.path], complete: true };
  const read = (path: string): string | undefined => {
    try {
      return overlay.read(overlay.find(path)) ?? undefined;
    } catch {
      // Binary, too large, gone meanwhile: a search passes over what it cannot read.
      return undefined;
    }
  };
  const found = await searchFiles({ paths, read, text, limit: MAX_MATCHES, signal });
  const lines = found.matches.map(
    (match) =>
      `${match.path}:${match.line}: ${match.text.length > MAX_LINE ? `${match.text.slice(0, MAX_LINE)}…` : match.text}`,
  );
  return right(
    bounded(lines, complete && found.complete, MAX_MATCHES, room, 'search a folder below, or a longer text'),
  );
}

/** As many lines as fit; what is left out is said. */
function bounded(lines: readonly string[], complete: boolean, most: number, room: number, advice: string): string {
  if (lines.length === 0) return complete ? foundNothing : andMore(advice);
  const shownLines: string[] = [];
  let size = andMore(advice).length;
  for (const line of lines.slice(0, most)) {
    size += line.length + 1;
    if (size > room) break;
    shownLines.push(line);
  }
  if (!complete || shownLines.length < lines.length) shownLines.push(andMore(advice));
  return shownLines.join('\n');
}

async function editFile(
  call: Extract<Call, { tool: 'edit_file' }>,
  place: Place,
  context: ToolContext,
): Promise<ToolResult> {
  if (place.is === 'folder') return wrong(isFolder(shown(call.path)));
  const before = context.overlay.read(place);
  const outcome = applyEdits(before, call.edits);
  if (!outcome.ok) {
    const problem = await problemOf(outcome, call.path, place, context);
    return wrong(call.edits.length > 1 ? inBlock(outcome.block, problem) : problem);
  }
  const edit = { path: place.path, before, after: outcome.content };
  if (context.isAsked && !context.isAsked(edit)) return wrong(notAsked);
  const edited = context.overlay.write(place, outcome.content);
  return { ...right(editResult(shown(call.path))), edited };
}

async function problemOf(
  outcome: Exclude<EditOutcome, { ok: true }>,
  named: string,
  place: Place,
  context: ToolContext,
): Promise<string> {
  switch (outcome.problem) {
    case 'notFound':
      return searchNotFound(outcome.nearest);
    case 'ambiguous':
      return searchAmbiguous(outcome.lines);
    case 'exists':
      return fileExists(shown(named));
    case 'noFile':
      return missing(named, place, context);
    case 'unchanged':
      return editChangesNothing;
  }
}

async function missing(named: string, place: Place, { overlay, signal }: ToolContext): Promise<string> {
  const { paths } = await overlay.list('.', signal);
  return noSuchFile(shown(named), nearestPath(place.path, paths));
}

const right = (text: string): ToolResult => ({ ok: true, text });
const wrong = (text: string): ToolResult => ({ ok: false, text });
