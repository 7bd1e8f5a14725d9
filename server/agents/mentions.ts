import { OspainError, type Task } from '../../protocol/index.ts';
import type { Overlay } from './overlay.ts';
import { readResult } from './prompts.ts';
import { shown } from './workspacePaths.ts';

/** Something that an instruction points to, with its text. */
export interface Mentioned {
  name: string;
  text: string;
}

/** `#file:src/a.ts`, or `#file:"a name with blanks.ts"`. */
const FILE = /(?<![\w#])#file:(?:"([^"\n]+)"|([^\s"]+?))(?=[.,;:!?)]*(?:\s|$))/gi;
const SELECTION = /(?<![\w#])#selection\b/i;

/** What an instruction mentions with `#`, each once. Throws `not_found` for a file or a selection that is not there. */
export function mentionsIn(
  { instruction, context }: Pick<Task, 'instruction' | 'context'>,
  overlay: Overlay,
): Mentioned[] {
  if (SELECTION.test(instruction) && context?.text === undefined)
    throw new OspainError('not_found', 'The instruction mentions #selection, and nothing is selected.', {
      hint: 'Select the lines that it is about, and submit the task from the editor.',
    });
  const named = [...instruction.matchAll(FILE)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const paths = [...new Set(named.map((path) => pathOf(path, overlay)))];
  return paths.map((path) => ({ name: path, text: textOf(path, overlay) }));
}

function pathOf(named: string, overlay: Overlay): string {
  const place = overlay.find(named);
  if (place.is === 'file') return place.path;
  throw new OspainError('not_found', `The instruction mentions #file:${shown(named)}, and there is no such file.`, {
    hint: 'Name it relative to the workspace, as in #file:src/main.ts.',
  });
}

function textOf(path: string, overlay: Overlay): string {
  const content = overlay.read(overlay.find(path)) ?? '';
  return readResult(content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
}
