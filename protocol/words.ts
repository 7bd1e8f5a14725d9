/**
 * The language of this process: the person's, where a client has said so at its start, else English. Each text is its own key,
 * in English; the others are in `l10n/`, in the format of VS Code's bundles. Only literals are said, so that a test finds them.
 */
export interface Speech {
  /** What numbers and dates are written by, such as `de-AT`. */
  readonly locale: string;
  /** English text → text. */
  readonly texts: Readonly<Record<string, string>>;
}

type Argument = string | number;

interface Language {
  readonly locale: string;
  readonly texts: ReadonlyMap<string, string>;
  readonly plurals: Plurals;
}

interface Plurals {
  readonly rules: Intl.PluralRules;
  /** The categories that the language has, in the order of CLDR. */
  readonly categories: readonly Intl.LDMLPluralRule[];
}

const CATEGORIES: readonly Intl.LDMLPluralRule[] = ['zero', 'one', 'two', 'few', 'many', 'other'];

export function pluralsOf(locale: string): Plurals {
  const rules = new Intl.PluralRules(locale);
  const { pluralCategories } = rules.resolvedOptions();
  return { rules, categories: CATEGORIES.filter((category) => pluralCategories.includes(category)) };
}

const english: Language = { locale: 'en', texts: new Map(), plurals: pluralsOf('en') };
let spoken = english;

/** Once, before anything is said: what was said before stays as it was. */
export function speak({ locale, texts }: Speech): void {
  const known = knownLocale(locale);
  spoken = { locale: known, texts: new Map(Object.entries(texts)), plurals: pluralsOf(known) };
}

/** What a browser or an editor calls its language may be none for `Intl`. */
function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? english.locale;
  } catch {
    return english.locale;
  }
}

/** What `Intl` is to go by. */
export const spokenLocale = (): string => spoken.locale;

/** The text in the person's language, with `{0}` and so on filled in. */
export const t = (text: string, ...args: readonly Argument[]): string => fill(spoken.texts.get(text) ?? text, args);

/**
 * A text that has a form for each category of plurals, between `|`: `plural('{0} file|{0} files', 2)`. A translation has as
 * many as its language. The first argument is the count, written as the language does.
 */
export function plural(forms: string, count: number, ...args: readonly Argument[]): string {
  const own = spoken.texts.get(forms);
  const { rules, categories } = own === undefined ? english.plurals : spoken.plurals;
  const all = (own ?? forms).split('|');
  const form = all[categories.indexOf(rules.select(count))] ?? all.at(-1) ?? forms;
  return fill(form, [count.toLocaleString(spoken.locale), ...args]);
}

const fill = (text: string, args: readonly Argument[]): string =>
  text.replace(/\{(\d+)\}/g, (mark, index: string) => String(args[Number(index)] ?? mark));
