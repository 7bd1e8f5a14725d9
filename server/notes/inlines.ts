/** A link to another note, as it is written. */
export interface WrittenLink {
  /** `[[so]]`, else `[so](so.md)`. */
  wiki: boolean;
  target: string;
  heading: string | null;
  label: string | null;
  /** Of the target alone, in the text. */
  from: number;
  to: number;
}

export interface Heard {
  link(link: WrittenLink): void;
  tag(tag: string): void;
}

const STOPS = /[\\`[\]<#]|https?:\/\//g;
const WIKI = /\[\[([^[\]\n]{1,1000})\]\]/y;
/** The address of a link, behind `](`, and of a reference, behind `]:`. */
const ADDRESS = /\](?:\(|:)[ \t]*(?:<([^<>\n]{1,1000})>|([^\s<>()]{1,1000}))/y;
/** A tag of HTML, whose attributes are none of ours, or an address in pointed brackets. */
const POINTED = /<[A-Za-z/!?][^<>]{0,1000}>/y;
const URL = /https?:\/\/[^\s<>]*/y;
const TAG = /#([\p{L}\p{N}_/-]{1,200})/uy;
const BEFORE_TAG = /[\s([{,;:"'“„«（，、。|*_~]/u;

/** Tells of the links and tags in a text, which is one block and no code; `offset` is where it begins in the note. */
export function readInlines(text: string, offset: number, heard: Heard): void {
  const ticks = createTicks(text);
  let brackets = 0;
  let at = 0;
  const matched = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    STOPS.lastIndex = at;
    const stop = STOPS.exec(text);
    if (stop === null) return;
    at = stop.index;
    let length = stop[0].length;
    if (stop[0] === '\\') length = 2;
    else if (stop[0] === '`') length = ticks(at);
    else if (stop[0] === '[') {
      const wiki = matched(WIKI);
      if (wiki === null) brackets += 1;
      else {
        heard.link(wikiLink(wiki[1] ?? '', offset + at + 2));
        length = wiki[0].length;
      }
    } else if (stop[0] === ']') {
      const address = brackets > 0 ? matched(ADDRESS) : null;
      brackets = Math.max(0, brackets - 1);
      if (address !== null) {
        const written = address[1] ?? address[2] ?? '';
        const link = pathLink(written, offset + at + address[0].lastIndexOf(written));
        if (link !== undefined) heard.link(link);
        length = address[0].length;
      }
    } else if (stop[0] === '<') length = matched(POINTED)?.[0].length ?? 1;
    else if (stop[0] === '#') {
      const tag = at === 0 || BEFORE_TAG.test(text[at - 1] ?? '') ? matched(TAG)?.[1]?.replace(/\/+$/, '') : undefined;
      if (tag !== undefined && isTag(tag)) heard.tag(tag);
      length = 1 + (tag?.length ?? 0);
    } else length = matched(URL)?.[0].length ?? length;
    at += length;
  }
}

/** More than a number: `#12` is an issue or a task to most who write it. */
export const isTag = (tag: string): boolean =>
  tag.length <= 200 && /^[\p{L}\p{N}_-]+(\/[\p{L}\p{N}_-]+)*$/u.test(tag) && /[\p{L}_]/u.test(tag);

/**
 * How far a span of code goes that begins with these backticks: to as many others, or no further than they do
 * themselves. What was looked for in vain is not looked for again.
 */
function createTicks(text: string): (at: number) => number {
  const missing = new Set<number>();
  return (at) => {
    const length = ticksAt(text, at);
    if (missing.has(length)) return length;
    for (let next = text.indexOf('`', at + length); next >= 0; next = text.indexOf('`', next)) {
      const others = ticksAt(text, next);
      next += others;
      if (others === length) return next - at;
    }
    missing.add(length);
    return length;
  };
}

function ticksAt(text: string, at: number): number {
  let end = at;
  while (text[end] === '`') end += 1;
  return end - at;
}

function wikiLink(inner: string, start: number): WrittenLink {
  // In a table, the bar before the label is written `\|`.
  const [, name = '', heading, label] = /^([^#|\\]*)(?:#([^|\\]*))?(?:\\?\|(.*))?$/.exec(inner) ?? [];
  const target = name.trim();
  const from = start + name.length - name.trimStart().length;
  return { wiki: true, target, heading: orNull(heading), label: orNull(label), from, to: from + target.length };
}

/** Of an address that is a path of a Markdown file; undefined for all others. */
function pathLink(address: string, start: number): WrittenLink | undefined {
  const [, path = '', heading] = /^([^#?]+\.md)(?:#(.*))?$/i.exec(address) ?? [];
  if (path === '' || /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(path)) return undefined;
  const target = decoded(path);
  return { wiki: false, target, heading: orNull(heading), label: null, from: start, to: start + path.length };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const orNull = (text: string | undefined): string | null => text?.trim() || null;
