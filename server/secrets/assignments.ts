/** A piece of a text that is a secret, and what sort of one. */
export interface Secret {
  start: number;
  end: number;
  kind: string;
}

/** A name that says what its value is, and the value, in quotes or to the end of the line. */
const ASSIGNMENT =
  /(?<name>[\w.-]{0,40}(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)s?[\w.-]{0,20})["'`]?[ \t]*(?:=>|:=|=|:)[ \t]*(?<quote>["'`]?)(?<value>[^\s"'`,;(){}[\]<>$]{12,256})\k<quote>(?=[ \t]*(?:[,;)}\]]|\r?$))/gim;
/** What stands in examples, and what only names where a secret is. */
const NONE =
  /example|sample|dummy|change.?me|your|placeholder|xxxx|1234567|abcdef|process\.|env\.|^https?:|^\.{0,2}\/|^[\w-]+(\.[a-z_]\w*)+$/i;

/** Values of names such as `password` and `token` that look as if chance had made them. */
export function* assignedSecrets(text: string): Generator<Secret> {
  for (const match of text.matchAll(ASSIGNMENT)) {
    const { name = '', quote = '', value = '' } = match.groups ?? {};
    if (!looksRandom(value) || NONE.test(value) || /hash|digest|sha\d|_id$|url|path|file|name|type/i.test(name))
      continue;
    const end = match.index + match[0].length - quote.length;
    yield { start: end - value.length, end, kind: kindOf(name) };
  }
}

/**
 * Letters and digits, and by Shannon's measure at least as many bits a character as half of what chance would give; words that are joined,
 * as programs name things, stay below.
 */
function looksRandom(value: string): boolean {
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return false;
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  const bits = [...counts.values()].reduce(
    (sum, count) => sum - (count / value.length) * Math.log2(count / value.length),
    0,
  );
  if (bits < 3.1) return false;
  const isWords = /^[a-z]+(?:[-_.:/][a-z]+)*[-_.:/]?\d{0,4}$/i.test(value);
  return !isWords;
}

const kindOf = (name: string): string => {
  if (/passw|passphrase|pwd/i.test(name)) return 'password';
  return /key/i.test(name) ? 'key' : /token/i.test(name) ? 'token' : 'secret';
};
