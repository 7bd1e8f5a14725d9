const BLOCK_TAGS =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul';

/** Section 4.6 of CommonMark 0.31.2: how HTML begins, and what its last line has; null: an empty line comes after it. */
const KINDS: ReadonlyArray<readonly [opens: RegExp, closes: RegExp | null]> = [
  [/^<(?:script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![A-Za-z]/, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
  [new RegExp(`^</?(?:${BLOCK_TAGS})(?=[\\s>]|/>|$)`, 'i'), null],
];
/** Any one tag alone on its line, which ends no paragraph. */
const ALONE = /^<\/?[A-Za-z][^<>]{0,500}>[ \t]*$/;

/** The HTML that begins with this line, if it does; `whole` when it ends there too. */
export function htmlBlock(rest: string, inParagraph: boolean): { closes: RegExp | null; whole: boolean } | undefined {
  if (!rest.startsWith('<')) return undefined;
  const [opens, closes = null] = KINDS.find(([pattern]) => pattern.test(rest)) ?? [];
  if (opens !== undefined) return { closes, whole: closes?.test(rest.replace(opens, '')) ?? false };
  return !inParagraph && ALONE.test(rest) ? { closes: null, whole: false } : undefined;
}
