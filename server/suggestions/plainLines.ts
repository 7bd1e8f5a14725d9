import { readBlocks } from '../notes/blocks.ts';
import { readFrontMatter } from '../notes/frontMatter.ts';

/** Characters of a note that are looked at: what stands further down changes no suggestion. */
export const MOST_READ = 100_000;

/** A line of a note as a person would read it aloud. */
export interface PlainLine {
  text: string;
  /** It is a box with a tick. */
  done: boolean;
}

/** Headings, paragraphs and boxes, without the marks of Markdown; code and HTML are no sentences. */
export function plainLines(note: string): PlainLine[] {
  const text = note.slice(0, MOST_READ);
  const { runs, boxes } = readBlocks(text, readFrontMatter(text).end);
  const ticked = new Set(boxes.flatMap(({ line, mark }) => (text[mark] === ' ' ? [] : [line])));
  return runs.flatMap(({ from, to, line }) =>
    text
      .slice(from, to)
      .split('\n')
      .map((written, index) => ({ text: aloud(written), done: ticked.has(line + index) }))
      .filter((said) => said.text !== ''),
  );
}

/** Without marks; a link by its label, a tag by its word. */
const aloud = (line: string): string =>
  line
    .slice(0, 500)
    .replace(/^[\s>]*(?:#{1,6}\s|\[[ xX]\]\s)?/, '')
    .replace(/(?:^|\s)(?:\^[A-Za-z0-9-]+|#+)\s*$/, '')
    .replaceAll(/!?\[\[(?:[^\]|]*\|)?([^\]#]*)(?:#[^\]|]*)?\]\]/g, '$1')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[A-Za-z/!][^<>]*>/g, '')
    .replaceAll(/(\*\*|~~|[*`])(?=\S)(.*?\S)\1/g, '$2')
    .replaceAll(/(?<!\w)(__?)(?=\S)(.*?\S)\1(?!\w)/g, '$2')
    .replaceAll(/(^|\s)#(?=[\p{L}_])/gu, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
