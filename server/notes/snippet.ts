import type { Result } from '../../protocol/index.ts';
import { readFrontMatter } from './frontMatter.ts';

type Snippet = Pick<Result<'note/search'>['hits'][number], 'line' | 'snippet'>;

/** Characters of a snippet, and of those before its first hit; characters of a text that are looked at. */
const LENGTH = 160;
const BEFORE = 50;
const MOST = 200_000;

/** The place in a text where the words are, as one line; its beginning, where they are only in the title or a tag. */
export function snippetOf(text: string, words: readonly string[]): Snippet {
  const seen = text.slice(0, MOST);
  const folded = fold(seen);
  const wanted = words.map((word) => fold(word.toLowerCase())).filter((word) => word !== '');
  const { end } = readFrontMatter(seen);
  const places = wanted.map((word) => placeOf(folded, word, end)).filter((place) => place >= 0);
  const first = places.length > 0 ? Math.min(...places) : end;
  const start = Math.max(end, first - BEFORE);
  const from = start === end ? start : startOfWord(seen, start, first);
  const piece = seen.slice(from, from + LENGTH).toWellFormed();
  return {
    line: lineOf(seen, first),
    snippet: [
      ...(from > end ? [{ text: '…', hit: false }] : []),
      ...hitsIn(piece, folded.slice(from, from + LENGTH), wanted),
      ...(from + LENGTH < text.trimEnd().length ? [{ text: '…', hit: false }] : []),
    ],
  };
}

/** Letters as the index compares them, each in its place. */
function fold(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  let folded = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    const plain = letter > '\x7f' ? letter.normalize('NFD').charAt(0).toLowerCase() : letter.toLowerCase();
    folded += plain.length === 1 ? plain : letter;
  }
  return folded;
}

/** Where a word begins in the text, and not in the middle of another; in scripts without blanks, anywhere. */
function placeOf(folded: string, word: string, from: number): number {
  for (let at = folded.indexOf(word, from); at >= 0; at = folded.indexOf(word, at + 1))
    if (at === 0 || !/[a-z0-9]/.test(folded[at - 1] ?? '') || !/^[a-z0-9]/.test(word)) return at;
  return -1;
}

function hitsIn(piece: string, folded: string, words: readonly string[]): Snippet['snippet'] {
  const parts: Snippet['snippet'] = [];
  let at = 0;
  while (at < piece.length) {
    const next = words
      .map((word) => ({ word, place: placeOf(folded, word, at) }))
      .filter(({ place }) => place >= 0)
      .sort((one, other) => one.place - other.place || other.word.length - one.word.length)[0];
    const until = next?.place ?? piece.length;
    if (until > at) parts.push({ text: piece.slice(at, until).replaceAll(/\s+/g, ' '), hit: false });
    if (next !== undefined) parts.push({ text: piece.slice(until, until + next.word.length), hit: true });
    at = until + (next?.word.length ?? 0);
  }
  return parts;
}

const startOfWord = (text: string, start: number, first: number): number => {
  const blank = /\s/.exec(text.slice(start, first));
  return blank === null ? start : start + blank.index + 1;
};

function lineOf(text: string, place: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < place; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
