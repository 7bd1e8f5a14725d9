import type { Call } from './format.ts';
import { shown } from './workspacePaths.ts';

/** What a person reads of a call: while it runs, and in the log. */
const words: { [T in Call['tool']]: (call: Extract<Call, { tool: T }>) => [doing: string, what: string] } = {
  read_file: ({ path }) => ['reading', `read ${shown(path)}`],
  list_files: ({ path }) => ['listing', `list ${shown(path)}`],
  search_text: ({ path, text }) => ['searching', `search ${shown(text)} in ${shown(path)}`],
  edit_file: ({ path, edits }) => [
    'editing',
    `edit ${shown(path)}${edits.length > 1 ? ` in ${edits.length} places` : ''}`,
  ],
  finish: ({ outcome }) => ['finishing', `finish: ${outcome}`],
};

const wordsOf = (call: Call): [doing: string, what: string] =>
  // TypeScript cannot pair a call with its own row over a union; the table does.
  (words[call.tool] as (call: Call) => [string, string])(call);

export const summaryOf = (call: Call): string => wordsOf(call)[1];

export const progressOf = (call: Call): string =>
  call.tool === 'finish' ? 'finishing' : `${wordsOf(call)[0]} ${shown(call.path)}`;
