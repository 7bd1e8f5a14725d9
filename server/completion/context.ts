import type { ParsedParams } from '../../protocol/index.ts';
import type { Gap } from './shape.ts';

export type CompletionRequest = ParsedParams<'completion/inline'>;

/** Of the room, as much goes to what stands before the cursor, after it, and in other files. */
const SHARES = { prefix: 0.6, suffix: 0.2, neighbours: 0.2 };
/** Characters that certainly fit into a token of a model that knows code, on average over whole files. */
const CHARACTERS = 2.5;
/** More than this is slow to evaluate without a better answer. Characters. */
const MOST = 12_000;

/** Lines of another file that are looked at together, and how far the next look is. */
const WINDOW = 30;
const STRIDE = 15;
/** Windows that share less than this part of their identifiers with the code at the cursor say nothing about it. */
const LIKE = 0.15;

/** What the model is shown, within `tokens`: the text around the cursor, led by the most similar parts of other files. */
export function contextOf(request: CompletionRequest, tokens: number): Gap {
  const room = Math.min(MOST, Math.floor(tokens * CHARACTERS));
  const prefix = tailLines(request.prefix, Math.floor(room * SHARES.prefix));
  const suffix = request.suffix.slice(0, Math.floor(room * SHARES.suffix));
  const comment = commentOf(request.language);
  const spare = room - prefix.length - suffix.length;
  const others = similarParts(request, prefix, Math.min(spare, Math.floor(room * SHARES.neighbours)), comment);
  return { prefix: `${others}${comment(`path: ${request.path}`)}${prefix}`, suffix };
}

interface Part {
  path: string;
  lines: string[];
  likeness: number;
}

function similarParts(
  { neighbours, path }: CompletionRequest,
  prefix: string,
  room: number,
  comment: (text: string) => string,
): string {
  const here = identifiers(
    prefix
      .split('\n')
      .slice(-2 * WINDOW)
      .join('\n'),
  );
  const best = neighbours
    .filter((neighbour) => neighbour.path !== path)
    .flatMap(({ path, text }) => bestWindow(path, text, here) ?? [])
    .toSorted((one, other) => other.likeness - one.likeness);
  let shown = '';
  for (const { path, lines } of best) {
    const part = comment(`path: ${path}`) + lines.map(comment).join('');
    if (shown.length + part.length <= room) shown += part;
  }
  return shown;
}

function bestWindow(path: string, text: string, here: ReadonlySet<string>): Part | null {
  const lines = text.split('\n');
  let best: Part | null = null;
  for (let at = 0; at < lines.length; at += STRIDE) {
    const window = lines.slice(at, at + WINDOW);
    const likeness = jaccard(identifiers(window.join('\n')), here);
    if (likeness >= LIKE && likeness > (best?.likeness ?? 0)) best = { path, lines: window, likeness };
  }
  return best;
}

const identifiers = (code: string): Set<string> => new Set(code.match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu) ?? []);

/** Shared part of all: Jaccard's index. */
function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared === 0 ? 0 : shared / (one.size + other.size - shared);
}

/** The end of a text, from the beginning of a line on where that leaves something. */
function tailLines(text: string, room: number): string {
  if (text.length <= room) return text;
  const tail = text.slice(-room);
  return tail.slice(tail.indexOf('\n') + 1);
}

const HASH = [
  'python',
  'ruby',
  'shellscript',
  'perl',
  'r',
  'yaml',
  'toml',
  'dockerfile',
  'makefile',
  'elixir',
  'julia',
];
const DASHES = ['sql', 'lua', 'haskell', 'elm', 'ada', 'vhdl'];
const ANGLES = ['html', 'xml', 'markdown', 'vue', 'svelte'];

/** Other files are shown as comments, so that the model sees one file of the language. */
function commentOf(language: string): (text: string) => string {
  const open = HASH.includes(language)
    ? '#'
    : DASHES.includes(language)
      ? '--'
      : ANGLES.includes(language)
        ? '<!--'
        : '//';
  const close = open === '<!--' ? ' -->' : '';
  return (text) => `${open} ${text}${close}\n`;
}
