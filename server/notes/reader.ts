import type { NoteBox } from '../../protocol/index.ts';
import { readBlocks } from './blocks.ts';
import { readFrontMatter } from './frontMatter.ts';
import { readInlines, type WrittenLink } from './inlines.ts';

export interface FoundLink extends WrittenLink {
  line: number;
  excerpt: string;
}

export interface FoundBox extends NoteBox {
  /** Of the character between its brackets. */
  mark: number;
  /** Of the line that it is on, before the break. */
  lineEnd: number;
}

/** What a text says of the note that it is. */
export interface Reading {
  title: string | null;
  /** Each once, as it is written first. */
  tags: string[];
  aliases: string[];
  links: FoundLink[];
  boxes: FoundBox[];
}

/** Characters of a title, and of a line that is shown somewhere else. */
const MAX_TITLE = 200;
const MAX_EXCERPT = 160;
/** What is more in one text is not looked at: nobody wrote it by hand. */
const MOST = 20_000;

/** Reads a note's text as Markdown: what stands in code is neither a link nor a tag nor a box. */
export function readNote(text: string): Reading {
  const front = readFrontMatter(text);
  const { runs, boxes } = readBlocks(text, front.end);
  const tags = new Map(front.tags.map((tag) => [tag.toLowerCase(), tag]));
  const links: FoundLink[] = [];
  for (const run of runs) {
    const lines = createLines(text, run);
    readInlines(text.slice(run.from, run.to), run.from, {
      link(link) {
        if (links.length < MOST && link.target !== '') links.push({ ...link, ...lines(link.from) });
      },
      tag(tag) {
        if (tags.size < MOST && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
      },
    });
  }
  const heading = runs.find((run) => run.heading === 1);
  return {
    title: front.title ?? (heading === undefined ? null : headingOf(text.slice(heading.from, heading.to))),
    tags: [...tags.values()],
    aliases: front.aliases,
    links,
    boxes: boxes.slice(0, MOST).map(({ line, mark, lineEnd }) => ({
      ...splitId(text.slice(mark + 2, lineEnd)),
      ...{ line, done: text[mark] !== ' ', mark, lineEnd },
    })),
  };
}

/** ` ^id` at the end of a line is the name of the block. */
function splitId(rest: string): { text: string; id: string | null } {
  const found = /(?:^|\s)\^([A-Za-z0-9-]{1,100})\s*$/.exec(rest.slice(-200));
  const words = found === null ? rest : rest.slice(0, Math.max(0, rest.length - 200) + found.index);
  return { text: oneLine(words, 1000), id: found?.[1] ?? null };
}

function headingOf(line: string): string | null {
  const words = line
    .slice(0, 2000)
    .replace(/^#+[ \t]/, '')
    .replace(/[ \t]#+[ \t]*$/, '')
    .replaceAll(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]|!?\[([^\]]*)\]\([^)]*\)/g, '$1$2')
    .replaceAll(/(\*\*|__|`|~~)(.+?)\1/g, '$2');
  return oneLine(words, MAX_TITLE) || null;
}

/** The lines of a run, by places that only grow. */
function createLines(text: string, run: { from: number; line: number }) {
  let number = run.line;
  let from = text.lastIndexOf('\n', run.from - 1) + 1;
  let next = nextLine(text, run.from);
  return (place: number): { line: number; excerpt: string } => {
    for (; place >= next; next = nextLine(text, from)) {
      from = next;
      number += 1;
    }
    // Of a line that is long, what stands around the place.
    const start = Math.max(from, place - MAX_EXCERPT / 2);
    return { line: number, excerpt: oneLine(text.slice(start, Math.min(next, start + 2 * MAX_EXCERPT)), MAX_EXCERPT) };
  };
}

const nextLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? Number.POSITIVE_INFINITY : end + 1;
};

export function oneLine(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > most
    ? `${line
        .slice(0, most - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`
    : line;
}
