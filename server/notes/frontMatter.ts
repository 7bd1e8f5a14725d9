import { type Document, isMap, isNode, isScalar, isSeq, parseDocument, type Scalar } from 'yaml';
import { isTag } from './inlines.ts';

/** What the front matter of a note says of it. */
export interface FrontMatter {
  title: string | null;
  tags: string[];
  aliases: string[];
  /** Where the text behind it begins. */
  end: number;
}

/** Characters that are read, enough for 10,000 tags; behind them it is text like any other. */
const MAX_FRONT = 98_304;
const KEYS = ['title', 'tags', 'tag', 'aliases', 'alias'] as const;
const NONE: FrontMatter = { title: null, tags: [], aliases: [], end: 0 };

/** The YAML between two lines of `---` at the very beginning, as Obsidian, Foam and Jekyll write it. */
export function readFrontMatter(text: string): FrontMatter {
  const block = blockOf(text);
  if (block === undefined) return NONE;
  const says = valuesOf(block.yaml);
  const { title } = says;
  return {
    title: typeof title === 'string' && title.trim() !== '' ? title.trim() : null,
    tags: [...namesOf(says.tags, /[\s,]+/), ...namesOf(says.tag, /[\s,]+/)].map(asTag).filter(isTag),
    aliases: [...namesOf(says.aliases, /,/), ...namesOf(says.alias, /,/)],
    end: block.end,
  };
}

/** The text with these tags in its front matter, and without those; all else of it stays as it was written. */
export function withTags(text: string, { add, remove }: { add: readonly string[]; remove: readonly string[] }): string {
  const block = blockOf(text);
  const line = text.includes('\r\n') ? '\r\n' : '\n';
  const document = documentOf(block?.yaml ?? '', { uniqueKeys: true });
  if (document === undefined || document.errors.length > 0 || (document.contents !== null && !isMap(document.contents)))
    return text;
  const same = (one: string) => one.toLowerCase();
  const gone = new Set(remove.map(same));
  const key = ['tags', 'tag'].find((name) => document.has(name)) ?? 'tags';
  const there = document.get(key, true);
  const had = namesOf(saidBy(document, key), /[\s,]+/);
  const kept = had.filter((tag) => !gone.has(same(asTag(tag))));
  const known = new Set(kept.map((tag) => same(asTag(tag))));
  const added = add.filter((tag) => !known.has(same(tag)) && known.add(same(tag)));
  if (added.length === 0 && kept.length === had.length) return text;
  if (isSeq(there)) {
    there.items = there.items.filter((item) => {
      const value = isScalar(item) ? (item as Scalar).value : null;
      return typeof value !== 'string' || !gone.has(same(asTag(value)));
    });
    for (const tag of added) there.add(document.createNode(tag));
    if (there.items.length === 0) document.delete(key);
  } else if (kept.length + added.length === 0) document.delete(key);
  else document.set(key, document.createNode([...kept, ...added], { flow: true }));
  const empty = isMap(document.contents) && document.contents.items.length === 0;
  const rest = block === undefined ? text : text.slice(block.end);
  if (empty && document.commentBefore === null && document.comment === null) return rest;
  const yaml = textOf(document)?.trimEnd().replaceAll(/\r?\n/g, line);
  return yaml === undefined ? text : `---${line}${yaml}${line}---${line}${rest}`;
}

/** Undefined as for `documentOf`. */
function textOf(document: Document): string | undefined {
  try {
    return document.toString({ lineWidth: 0, flowCollectionPadding: false });
  } catch {
    return undefined;
  }
}

function blockOf(text: string): { yaml: string; end: number } | undefined {
  const open = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  if (open === null) return undefined;
  const close = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/gm;
  close.lastIndex = open[0].length;
  const found = close.exec(text.slice(0, MAX_FRONT));
  return found === null ? undefined : { yaml: text.slice(open[0].length, found.index), end: close.lastIndex };
}

/** What cannot be read says nothing: a person may be in the middle of writing it. */
function valuesOf(yaml: string): Partial<Record<(typeof KEYS)[number], unknown>> {
  // Comparing each key with all others takes the square of their number.
  const document = documentOf(yaml, { uniqueKeys: false });
  if (document === undefined) return {};
  return Object.fromEntries(KEYS.map((key) => [key, saidBy(document, key)]));
}

/** Undefined for what is nested so deeply that the library gives up. */
function documentOf(yaml: string, { uniqueKeys }: { uniqueKeys: boolean }): Document | undefined {
  try {
    return parseDocument(yaml, { keepSourceTokens: true, uniqueKeys });
  } catch {
    return undefined;
  }
}

/**
 * What one key says; undefined for what cannot be had, such as a bomb of aliases. All of a document at once would never be done
 * where collections are the keys of collections, each of which the library writes out as text for the one around it.
 */
function saidBy(document: Document, key: string): unknown {
  if (!isMap(document.contents)) return undefined;
  try {
    const value: unknown = document.get(key, true);
    return isNode(value) ? value.toJS(document, { mapAsMap: true }) : undefined;
  } catch {
    return undefined;
  }
}

function namesOf(value: unknown, between: RegExp): string[] {
  const names = Array.isArray(value) ? value : typeof value === 'string' ? value.split(between) : [];
  return names.filter((name) => typeof name === 'string').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
}

const asTag = (name: string): string => name.replace(/^#/, '');
