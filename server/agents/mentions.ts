import { OspainError, type Task } from '../../protocol/index.ts';
import { readResult } from './prompts.ts';
import { diagnostics } from './tools/diagnostics.ts';
import { symbolsNamed } from './tools/findSymbol.ts';
import type { ToolContext } from './tools/tool.ts';
import { qualified } from './wholeFunction.ts';
import { shown } from './workspacePaths.ts';

/** Something that an instruction points to, with its text. */
export interface Mentioned {
  name: string;
  text: string;
}

/** What a mention is looked up with. */
export type Around = Pick<ToolContext, 'overlay' | 'syntax' | 'editor' | 'signal' | 'room'>;

/** `#file:src/a.ts`, `#file:"a name with blanks.ts"`, `#symbol:Box.open`. */
const NAMED = /(?<![\w#])#(file|symbol):(?:"([^"\n]+)"|([^\s"]+?))(?=[.,;:!?)]*(?:\s|$))/gi;
const SELECTION = /(?<![\w#])#selection\b/i;
const PROBLEMS = /(?<![\w#])#problems\b/i;

/** What an instruction mentions with `#`, each once. Throws `not_found` for what is not there. */
export async function mentionsIn(
  { instruction, context }: Pick<Task, 'instruction' | 'context'>,
  around: Around,
): Promise<Mentioned[]> {
  if (SELECTION.test(instruction) && context?.text === undefined)
    throw missing(
      '#selection, and nothing is selected',
      'Select the lines that it is about, and submit it from the editor.',
    );
  const named = { file: new Set<string>(), symbol: new Set<string>() };
  for (const [, kind, quoted, bare] of instruction.matchAll(NAMED))
    named[kind?.toLowerCase() === 'symbol' ? 'symbol' : 'file'].add(quoted ?? bare ?? '');
  const files = [...new Set([...named.file].map((path) => pathOf(path, around)))];
  const found = files.map((path) => ({ name: path, text: textOf(path, around) }));
  for (const name of named.symbol) found.push(...(await symbolOf(name, around)));
  if (PROBLEMS.test(instruction)) found.push(...(await problemsOf(context ? [context.path] : files, around)));
  return found;
}

function pathOf(named: string, { overlay }: Around): string {
  const place = overlay.find(named);
  if (place.is === 'file') return place.path;
  throw missing(
    `#file:${shown(named)}, and there is no such file`,
    'Name it relative to the workspace, as in #file:src/main.ts.',
  );
}

function textOf(path: string, { overlay }: Around): string {
  const content = overlay.read(overlay.find(path)) ?? '';
  return readResult(content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
}

/** The definitions of a name, as they stand in their files; where only their place is known, that. */
async function symbolOf(name: string, around: Around): Promise<Mentioned[]> {
  const { symbols } = await symbolsNamed(name, around);
  if (symbols.length === 0)
    throw missing(`#symbol:${shown(name)}, and nothing of that name is defined`, 'Look for it with Search Code.');
  const found: Mentioned[] = [];
  for (const { path, line, name: whole } of symbols.slice(0, MOST)) {
    const text = textOf(path, around);
    const parsed = await around.syntax.parse(path, text);
    const defined = parsed?.definitions.find((one) => one.line === line || qualified(one) === whole);
    found.push({
      name: `${path}:${line} ${whole}`,
      text: defined ? text.slice(defined.outerStart, defined.outerEnd) : (text.split('\n')[line - 1] ?? ''),
    });
  }
  return found;
}

/** Of one name. */
const MOST = 5;

/** What is wrong with files, in the words of the tool that a model has for it. */
async function problemsOf(paths: readonly string[], around: Around): Promise<Mentioned[]> {
  if (paths.length === 0)
    throw missing(
      '#problems, and not of which file',
      'Mention it too, as in #file:src/main.ts, or submit it from its editor.',
    );
  const found: Mentioned[] = [];
  for (const path of paths) {
    const { text } = await diagnostics.run({ tool: diagnostics.name, path }, { ...around, agreed: false });
    found.push({ name: `problems of ${path}`, text });
  }
  return found;
}

const missing = (what: string, hint: string): OspainError =>
  new OspainError('not_found', `The instruction mentions ${what}.`, { hint });
