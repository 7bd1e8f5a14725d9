import { readBlocks } from '../notes/blocks.ts';
import { readFrontMatter } from '../notes/frontMatter.ts';

/** The text of a note with another title, where it has its title: in the front matter, or as its first heading. */
export function withTitle(text: string, title: string): string {
  const front = readFrontMatter(text);
  const head = text.slice(0, front.end);
  const named = /^title:.*(?:\r?\n[ \t]+\S.*)*$/m.exec(head);
  if (front.title !== null && named !== null)
    return `${text.slice(0, named.index)}title: ${JSON.stringify(title)}${text.slice(named.index + named[0].length)}`;
  const heading = readBlocks(text, front.end).runs.find((run) => run.heading === 1);
  if (heading === undefined) return `${head}# ${title}${breakOf(text).repeat(2)}${text.slice(front.end)}`;
  const marks = /^#[ \t]*/.exec(text.slice(heading.from, heading.to)) === null ? '' : '# ';
  return `${text.slice(0, heading.from)}${marks}${title}${text.slice(heading.to)}`;
}

/** The text with these lines at the end of the section with this heading; it comes last where there is none. */
export function withSection(text: string, heading: string, lines: readonly string[]): string {
  const line = breakOf(text);
  const { runs } = readBlocks(text, readFrontMatter(text).end);
  const at = runs.findIndex((run) => run.heading === 2 && headingOf(text.slice(run.from, run.to)) === heading);
  if (at < 0) {
    const before = text.trimEnd();
    return `${before}${before === '' ? '' : line.repeat(2)}## ${heading}${line.repeat(2)}${lines.join(line)}${line}`;
  }
  const next = runs.slice(at + 1).find((run) => run.heading === 1 || run.heading === 2);
  const section = text.slice(0, next?.from ?? text.length).trimEnd();
  // The first lines of a list stand apart from the heading.
  const gap = section.length <= (runs[at]?.to ?? 0) ? line.repeat(2) : line;
  const rest = next === undefined ? line : line.repeat(2) + text.slice(next.from);
  return `${section}${gap}${lines.join(line)}${rest}`;
}

const headingOf = (line: string): string =>
  line
    .replace(/^#+[ \t]+/, '')
    .replace(/[ \t]+#+[ \t]*$/, '')
    .trim();

const breakOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');
