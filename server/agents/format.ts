/**
 * The text form of an agent's turns: one call a turn, a one-line JSON header with fixed key order, bodies outside JSON.
 * Written by the product for real turns and by the maker of the embedded model for its lessons, so that the two cannot
 * drift apart. Pure: no imports, no clock, no files.
 */

export interface Edit {
  search: string;
  replace: string;
}

export type Outcome = 'done' | 'failed' | 'blocked';

export type Call =
  | { tool: 'read_file'; path: string }
  | { tool: 'list_files'; path: string }
  | { tool: 'search_text'; path: string; text: string }
  | { tool: 'edit_file'; path: string; edits: Edit[] }
  | { tool: 'finish'; outcome: Outcome; text: string };

export type ToolName = Call['tool'];

export type ParsedCall = { ok: true; call: Call } | { ok: false; problem: string };

const OUTCOMES: readonly string[] = ['done', 'failed', 'blocked'];
/** The three lines that frame an edit; no line of a body may be one of them. */
export const SEARCH = '<<<<<<< SEARCH';
export const MIDDLE = '=======';
export const REPLACE = '>>>>>>> REPLACE';

/** The canonical text of a call: exactly what a model that knows the format writes. */
export function renderCall(call: Call): string {
  switch (call.tool) {
    case 'read_file':
    case 'list_files':
      return JSON.stringify({ tool: call.tool, path: call.path });
    case 'search_text':
      return JSON.stringify({ tool: call.tool, path: call.path, text: call.text });
    case 'edit_file':
      return [JSON.stringify({ tool: call.tool, path: call.path }), ...call.edits.map(renderEdit)].join('\n');
    case 'finish':
      return `${JSON.stringify({ tool: call.tool, outcome: call.outcome })}\n${call.text}`;
  }
}

function renderEdit(edit: Edit): string {
  const side = (text: string) => (text === '' ? [] : [text]);
  return [SEARCH, ...side(edit.search), MIDDLE, ...side(edit.replace), REPLACE].join('\n');
}

/**
 * Reads a model's turn. Free text may stand before the header (some models think aloud); the header is the first line
 * that begins with `{"tool"`. What is wrong comes back as one short line, meant to be shown to the model.
 */
export function parseCall(turn: string): ParsedCall {
  const lines = turn.replaceAll('\r\n', '\n').split('\n');
  const at = lines.findIndex((line) => /^\s*\{\s*"tool"/.test(line));
  if (at < 0) return wrong('no call found: answer with one line of JSON that begins with {"tool"');
  let header: unknown;
  try {
    header = JSON.parse(lines[at] ?? '');
  } catch {
    return wrong('the call is not one line of valid JSON');
  }
  if (typeof header !== 'object' || header === null) return wrong('the call is not a JSON object');
  return readHeader(header as Record<string, unknown>, lines.slice(at + 1));
}

function readHeader(header: Record<string, unknown>, body: string[]): ParsedCall {
  const { tool, path, text, outcome } = header;
  if (tool === 'finish') {
    if (typeof outcome !== 'string' || !OUTCOMES.includes(outcome))
      return wrong('finish needs "outcome": done, failed or blocked');
    return { ok: true, call: { tool, outcome: outcome as Outcome, text: body.join('\n').trim() } };
  }
  if (tool !== 'read_file' && tool !== 'list_files' && tool !== 'search_text' && tool !== 'edit_file')
    return wrong(`there is no tool named ${JSON.stringify(tool)}`);
  if (typeof path !== 'string' || path === '') return wrong(`${tool} needs "path"`);
  if (tool === 'search_text') {
    if (typeof text !== 'string' || text === '') return wrong('search_text needs "text"');
    return { ok: true, call: { tool, path, text } };
  }
  if (tool !== 'edit_file') return { ok: true, call: { tool, path } };
  const edits = readEdits(body);
  if (typeof edits === 'string') return wrong(edits);
  return { ok: true, call: { tool, path, edits } };
}

function readEdits(lines: string[]): Edit[] | string {
  const edits: Edit[] = [];
  let side: 'none' | 'search' | 'replace' = 'none';
  let search: string[] = [];
  let replace: string[] = [];
  for (const line of lines) {
    const mark = line.trimEnd();
    if (side === 'none') {
      if (mark === SEARCH) [side, search, replace] = ['search', [], []];
    } else if (side === 'search') {
      if (mark === MIDDLE) side = 'replace';
      else search.push(line);
    } else if (mark === REPLACE) {
      edits.push({ search: search.join('\n'), replace: replace.join('\n') });
      side = 'none';
    } else replace.push(line);
  }
  if (side !== 'none') return `the edit block is not closed by ${REPLACE}`;
  if (edits.length === 0) return `edit_file needs a block that begins with ${SEARCH}`;
  return edits;
}

const wrong = (problem: string): ParsedCall => ({ ok: false, problem });

/** The user turn that answers a call. */
export const renderResult = (text: string): string => `result:\n${text}`;

/** The user turn that says why a call did not work; one line. */
export const renderError = (text: string): string => `error: ${text}`;
