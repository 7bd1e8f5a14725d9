/**
 * The words of code as a search looks for them: `fooBar_baz2` is found by `foobar_baz2`, `foo`, `bar` and `baz`. Words of
 * one letter and numbers say nothing about a place.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [whole] of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    const parts = partsOf(whole);
    if (parts.length !== 1) words.push(whole.replaceAll(/[_$]/g, '').toLowerCase());
    words.push(...parts);
  }
  return words.filter((word) => word.length > 1);
}

/** `parseHTTPRequest` is parse, http, request. */
function partsOf(name: string): string[] {
  const split = name
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase();
  return split.split(/[^\p{L}]+/u).filter((part) => part !== '');
}

/** A query of SQLite's FTS5 (https://sqlite.org/fts5.html) for any of the words that a person typed; undefined when there is none. */
export function matchOf(query: string): string | undefined {
  const words = [...new Set(wordsOf(query))].slice(0, 30);
  if (words.length === 0) return undefined;
  // The last one may be half typed.
  return words
    .map((word, at) => (at === words.length - 1 && word.length > 2 ? `"${word}"*` : `"${word}"`))
    .join(' OR ');
}
