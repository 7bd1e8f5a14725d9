import { htmlBlock } from './htmlBlock.ts';
import { type LineCursor, linesOf } from './lines.ts';

/** Where a text has words: neither code nor HTML nor the marks of blocks. */
export interface Run {
  from: number;
  to: number;
  /** 1 to 6 for a heading; 0 for what is none. */
  heading: number;
  /** Line of its beginning, from 1. */
  line: number;
}

/** The first line of an item of a list that begins with `[ ]` or `[x]`. */
export interface BoxLine {
  line: number;
  /** Of the character between the brackets. */
  mark: number;
  /** Before the break. */
  lineEnd: number;
}

/** A quotation, or the columns that the lines of an item of a list are indented by. */
type Container = 'quote' | number;

/** Containers in each other; what is deeper is text. */
const MAX_DEPTH = 100;

const FENCE = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;
const HEADING = /^(#{1,6})(?=[ \t]|$)/;
const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const UNDERLINE = /^(?:=+|-+)[ \t]*$/;
const ITEM = /^(?:[-*+]|(\d{1,9})[.)])(?=[ \t]|$)/;
const BOX = /^\[[ xX]\](?=[ \t])/;

/**
 * The blocks of a Markdown text from `start` on, after the first phase of CommonMark's own parsing strategy
 * (https://spec.commonmark.org/0.31.2/#phase-1-block-structure). The time it takes grows with the text and no faster,
 * whatever is in it; general parsers take minutes for some texts of 5 MB, and every other request would wait for them.
 */
export function readBlocks(text: string, start: number): { runs: Run[]; boxes: BoxLine[] } {
  const runs: Run[] = [];
  const boxes: BoxLine[] = [];
  const open: Container[] = [];
  let paragraph: Run | undefined;
  /** Code or HTML: what its last line has (`null`: an empty line comes after it), and in how many containers it is. */
  let verbatim: { closes: RegExp | null; depth: number } | undefined;

  const endParagraph = () => {
    if (paragraph !== undefined) runs.push(paragraph);
    paragraph = undefined;
  };
  /** What is open and does not hold the line ends. */
  const closeTo = (depth: number) => {
    endParagraph();
    open.length = depth;
  };

  for (const line of linesOf(text, start)) {
    const held = heldBy(open, line);
    if (verbatim !== undefined) {
      if (held >= verbatim.depth && !(verbatim.closes === null && isBlank(line))) {
        if (verbatim.closes?.test(line.rest())) verbatim = undefined;
        continue;
      }
      verbatim = undefined;
    }
    const interrupts = paragraph !== undefined && held === open.length;
    let depth = held;
    for (
      let next = containerAt(line, interrupts);
      next !== undefined;
      next = containerAt(line, interrupts && depth === held)
    ) {
      if (depth >= MAX_DEPTH) break;
      closeTo(depth);
      open.push(next === 'quote' ? next : next.indent);
      depth += 1;
      if (next !== 'quote' && BOX.test(line.rest())) {
        boxes.push({ line: line.number, mark: line.at + 1, lineEnd: line.to });
        line.take(3);
      }
    }
    if (isBlank(line)) {
      endParagraph();
      open.length = depth;
      continue;
    }
    const goesOn = paragraph !== undefined && depth === held;
    if (line.indent() > 3) {
      if (goesOn && paragraph !== undefined) paragraph.to = line.to;
      else closeTo(depth);
      continue;
    }
    line.skip(3);
    const rest = line.rest();
    if (goesOn && interrupts && paragraph !== undefined && UNDERLINE.test(rest)) {
      paragraph.heading = rest.startsWith('=') ? 1 : 2;
      endParagraph();
      continue;
    }
    const fence = FENCE.exec(rest);
    const heading = HEADING.exec(rest);
    const html = htmlBlock(rest, goesOn);
    if (fence !== null || heading !== null || html !== undefined || RULE.test(rest)) closeTo(depth);
    else if (goesOn && paragraph !== undefined) {
      paragraph.to = line.to;
      continue;
    } else {
      closeTo(depth);
      paragraph = { from: line.at, to: line.to, heading: 0, line: line.number };
      continue;
    }
    if (fence !== null) verbatim = { closes: endOfFence(fence[1] ?? fence[2] ?? ''), depth };
    else if (heading !== null) runs.push({ from: line.at, to: line.to, heading: heading[0].length, line: line.number });
    else if (html !== undefined && !html.whole) verbatim = { closes: html.closes, depth };
  }
  endParagraph();
  return { runs, boxes };
}

const isBlank = (line: LineCursor): boolean => line.indent() === Number.POSITIVE_INFINITY;

const endOfFence = (marks: string): RegExp => new RegExp(`^ {0,3}\\${marks[0]}{${marks.length},}[ \\t]*$`);

/** How many of the open containers hold the line, which is read behind their marks. */
function heldBy(open: readonly Container[], line: LineCursor): number {
  for (const [depth, container] of open.entries())
    if (container === 'quote') {
      if (!takeQuote(line)) return depth;
    } else {
      if (line.indent() < container) return depth;
      line.skip(container);
    }
  return open.length;
}

function takeQuote(line: LineCursor): boolean {
  const indent = line.indent();
  if (indent > 3 || line.rest()[indent] !== '>') return false;
  line.skip(indent);
  line.take(1);
  line.skip(1);
  return true;
}

/** The container that begins here, whose mark is taken. A paragraph is interrupted by few items. */
function containerAt(line: LineCursor, interrupts: boolean): { indent: number } | 'quote' | undefined {
  const indent = line.indent();
  if (indent > 3) return undefined;
  if (takeQuote(line)) return 'quote';
  const rest = line.rest().slice(indent);
  const item = ITEM.exec(rest);
  if (item === null || RULE.test(rest)) return undefined;
  if (interrupts && ((item[1] !== undefined && Number(item[1]) !== 1) || rest.trim() === item[0])) return undefined;
  line.skip(indent);
  line.take(item[0].length);
  const behind = line.indent();
  const padding = behind > 4 ? 1 : behind;
  line.skip(padding);
  return { indent: indent + item[0].length + padding };
}
