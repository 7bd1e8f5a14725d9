/**
 * The text form of an agent's turns: one call a turn, a one-line JSON header with fixed key order, bodies outside JSON.
 * Written by the product for real turns and by the maker of the embedded model for its lessons, so that the two cannot
 * drift apart. Pure: no imports, no clock, no files. Which calls there are is for the tables of tools to say (tools/).
 */

export interface Edit {
  search: string;
  replace: string;
}

/** What a header field holds: a text, a whole number from 1, or one of these words. */
export type Field = 'text' | 'number' | readonly string[];
export type Header = Readonly<Record<string, Field>>;
type ValueOf<F extends Field> = F extends 'text' ? string : F extends 'number' ? number : F[number & keyof F];

/**
 * What follows the header: nothing, blocks to search and replace, a few lines for a person, the lines of a file, or one line
 * with a JSON object.
 */
interface Bodies {
  none: undefined;
  edits: readonly Edit[];
  text: string;
  lines: string;
  json: Readonly<Record<string, unknown>>;
}
export type BodyKind = keyof Bodies;

/** Any call. One that `parseCall` gave has what its form asks for. */
export type Call = { readonly tool: string } & Values;
type Values = { readonly body?: Bodies[BodyKind]; readonly [field: string]: string | number | Bodies[BodyKind] };

/** What a call of a form has besides its name; any values for any form. */
type ValuesOf<H extends Header, B extends BodyKind> = BodyKind extends B
  ? Values
  : { readonly [K in keyof H]: ValueOf<H[K]> } & (B extends 'none' ? unknown : { readonly body: Bodies[B] });
export type CallOf<H extends Header, B extends BodyKind> = { readonly tool: string } & ValuesOf<H, B>;

/** How one sort of call is written, and what is said of it. */
export interface Form<H extends Header = Header, B extends BodyKind = BodyKind> {
  /** Lower-case letters, digits and `_`. */
  readonly name: string;
  /** In the order in which they are written. All are required: small models mishandle what is optional. */
  readonly header: H;
  readonly body: B;
  /** A call as the model is shown it. */
  readonly example: ValuesOf<H, B>;
  /** What the call does, as the model is told below the example. */
  readonly does: string;
  words(call: CallOf<H, B>): Words;
}

/** What a person reads of a call: while it runs, and in the log. */
export interface Words {
  doing: string;
  what: string;
}

export type ParsedCall<F extends Form> = { ok: true; call: Call; form: F } | { ok: false; problem: string };

/** The three lines that frame an edit; no line of a body may be one of them. */
export const SEARCH = '<<<<<<< SEARCH';
export const MIDDLE = '=======';
export const REPLACE = '>>>>>>> REPLACE';

/** Whether a call, read by its form, is one of this form. */
export const isCallOf = <H extends Header, B extends BodyKind>(
  form: Form<H, B>,
  call: Call,
): call is Call & CallOf<H, B> => call.tool === form.name;

/** The canonical text of a call: exactly what a model that knows the format writes. */
export function renderCall({ tool, body, ...header }: Call): string {
  const line = JSON.stringify({ tool, ...header });
  if (body === undefined) return line;
  if (typeof body === 'string') return `${line}\n${body}`;
  return isEdits(body) ? [line, ...body.map(renderEdit)].join('\n') : `${line}\n${JSON.stringify(body)}`;
}

const isEdits = (body: object): body is readonly Edit[] => Array.isArray(body);

function renderEdit(edit: Edit): string {
  const side = (text: string) => (text === '' ? [] : [text]);
  return [SEARCH, ...side(edit.search), MIDDLE, ...side(edit.replace), REPLACE].join('\n');
}

/** What a model is told of a form: an example, and what it does. */
export const renderForm = ({ name, example, does }: Form): string =>
  `${renderCall({ tool: name, ...example })}\n${does}`;

/**
 * Reads a model's turn. Free text may stand before the header (some models think aloud); the header is the first line
 * that begins with `{"tool"`. What is wrong comes back as one short line, meant to be shown to the model.
 */
export function parseCall<F extends Form>(turn: string, forms: readonly F[]): ParsedCall<F> {
  const lines = turn.replaceAll('\r\n', '\n').split('\n');
  const at = lines.findIndex((line) => /^\s*\{\s*"tool"/.test(line));
  if (at < 0) return wrong('no call found: answer with one line of JSON that begins with {"tool"');
  const header = readObject(lines[at] ?? '');
  if (!header) return wrong('the call is not one line of valid JSON');
  const form = forms.find(({ name }) => name === header['tool']);
  if (!form) return wrong(`there is no tool named ${clipped(JSON.stringify(header['tool']))}`);
  const call = readCall(form, header, lines.slice(at + 1));
  return typeof call === 'string' ? wrong(call) : { ok: true, call, form };
}

const wrong = (problem: string): { ok: false; problem: string } => ({ ok: false, problem });
const clipped = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Not JSON.
  }
  return undefined;
}

/** The call, or what is wrong with it. */
function readCall({ name, header, body }: Form, given: Record<string, unknown>, lines: readonly string[]) {
  const fields: Record<string, string | number> = {};
  for (const [field, kind] of Object.entries(header)) {
    const value = given[field];
    if (!isOf(kind, value)) return `${name} needs "${field}"${hintOf(kind)}`;
    fields[field] = value;
  }
  const read = readBody(name, body, lines);
  if (typeof read === 'string') return read;
  return { tool: name, ...fields, ...read } satisfies Call;
}

function isOf(kind: Field, value: unknown): value is string | number {
  if (kind === 'number') return Number.isSafeInteger(value) && Number(value) > 0;
  return typeof value === 'string' && (kind === 'text' ? value !== '' : kind.includes(value));
}

function hintOf(kind: Field): string {
  if (kind === 'text') return '';
  if (kind === 'number') return ': a whole number from 1';
  return `: ${kind.slice(0, -1).join(', ')} or ${kind.at(-1)}`;
}

function readBody(name: string, kind: BodyKind, lines: readonly string[]): { body?: Bodies[BodyKind] } | string {
  if (kind === 'none') return {};
  if (kind === 'edits') {
    const edits = readEdits(name, lines);
    return typeof edits === 'string' ? edits : { body: edits };
  }
  const body = lines.join('\n');
  if (kind === 'lines') return { body };
  if (kind === 'text') return { body: body.trim() };
  const value = readObject(body);
  return value ? { body: value } : `${name} needs a line with a JSON object below it`;
}

function readEdits(name: string, lines: readonly string[]): Edit[] | string {
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
  if (edits.length === 0) return `${name} needs a block that begins with ${SEARCH}`;
  return edits;
}

/** The user turn that answers a call. */
export const renderResult = (text: string): string => `result:\n${text}`;

/** The user turn that says why a call did not work; one line. */
export const renderError = (text: string): string => `error: ${text}`;
