import ignore from 'ignore';
import type { Word } from './command.ts';

/** What commands a rule is about. */
export interface CommandPattern {
  /** Whether it is about exactly one command. */
  exact: boolean;
  fits(words: readonly Word[]): boolean;
}

/**
 * Words as on a command line. A last word `*` stands for any number of words, none among them; `*` elsewhere for one word,
 * or for a part of it; in quotation marks or behind `\` for itself. Words that only the shell knows fit a `*` that is a whole
 * word.
 */
export function commandPattern(text: string): CommandPattern {
  const words = patternWords(text);
  const open = isAny(words.at(-1));
  const fixed = open ? words.slice(0, -1) : words;
  return {
    exact: words.every((parts) => parts.length === 1),
    fits: (given) =>
      (open ? given.length >= fixed.length : given.length === fixed.length) &&
      fixed.every((parts, index) => {
        const word = given[index];
        if (word === undefined) return false;
        return word.is === 'certain' ? fitsParts(parts, word.text) : isAny(parts) && index > 0;
      }),
  };
}

/** The pattern that is about exactly these words. */
export const exactPattern = (words: readonly Word[]): string =>
  words.map(({ text }) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)).join(' ');

/** What stands between the `*` of each word: one part where it has none. */
const patternWords = (text: string): string[][] =>
  [...text.matchAll(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/gs)].map(([word]) => {
    const parts = [''];
    for (const [, single, double, escaped, star, plain] of word.matchAll(
      /'([^']*)'|"([^"]*)"|\\(.)|(\*)|([^'"\\*])/gs,
    )) {
      if (star) parts.push('');
      else parts.push((parts.pop() ?? '') + (single ?? double ?? escaped ?? plain ?? ''));
    }
    return parts;
  });

const isAny = (parts: readonly string[] | undefined): boolean => parts?.length === 2 && parts.join('') === '';

/** Each part in turn, as early as it comes: a name from outside costs no more than its length. */
function fitsParts(parts: readonly string[], text: string): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}

/** `*` stands for any letters. */
export const nameFits = (pattern: string, name: string): boolean => fitsParts(pattern.split('*'), name);

/** A pattern as in `.gitignore`, and a path within the workspace. */
export const pathFits = (pattern: string, path: string): boolean =>
  ignore.isPathValid(path) && ignore().add(pattern).ignores(path);
