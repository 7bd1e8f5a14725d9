/** Scripts that put no blanks between words: each of their letters is a word to the index. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;

/** A text as the index of words reads it. */
export const forIndex = (text: string): string => text.replace(UNSPACED, ' $& ');

const MAX_WORDS = 20;

/** What a person looks for, as a query of FTS5 (https://sqlite.org/fts5.html); undefined when there is no word in it. */
export function matchOf(asked: string): string | undefined {
  const wanted = wordsOf(asked).map(({ word, tag }, at, all) => {
    const phrase = `"${forIndex(word).replaceAll('"', ' ').trim()}"`;
    // The last one may be half typed.
    const open = at === all.length - 1 && /[\p{L}\p{N}]$/u.test(asked.trimEnd()) ? `${phrase} *` : phrase;
    return tag ? `tags : ${open}` : open;
  });
  return wanted.length === 0 ? undefined : wanted.join(' AND ');
}

/** Words and quoted phrases. */
export function wordsOf(asked: string): Array<{ word: string; tag: boolean }> {
  const parts = asked.matchAll(/"([^"]*)"|(#?)([^\s"#]+)/g);
  const words = [...parts].map(([, phrase, hash, word]) => ({ word: phrase ?? word ?? '', tag: hash === '#' }));
  return words.filter(({ word }) => /[\p{L}\p{N}]/u.test(word)).slice(0, MAX_WORDS);
}
