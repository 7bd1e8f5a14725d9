/** What the code says to people: every `t('…')` and `plural('…|…')`, and rules on the bundles that translate them. */
import { pluralsOf } from '../../../protocol/words.ts';
import { type Tree, withoutComments } from '../architecture/tree.ts';
import type { Texts } from './manifestTexts.ts';
import { differences } from './parts.ts';

interface Saying {
  readonly file: string;
  readonly text: string;
  readonly isPlural: boolean;
}

const literal = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/y;

/** Calls of `t` and `plural`; not their definitions, nor properties of that name. */
const call = /(?<!function |[.\w$])(t|plural)\(\s*/g;

const speaking = (file: string): boolean =>
  /^(protocol|extension|webview)\//.test(file) && file !== 'protocol/words.ts';

export function sayings(tree: Tree): { said: Saying[]; problems: string[] } {
  const said: Saying[] = [];
  const problems: string[] = [];
  for (const [file, source] of tree) {
    if (!speaking(file)) continue;
    const code = withoutComments(source);
    for (const found of code.matchAll(call)) {
      literal.lastIndex = found.index + found[0].length;
      const [, single, double] = literal.exec(code) ?? [];
      const text = single ?? double;
      const line = code.slice(0, found.index).split('\n').length;
      if (text === undefined) problems.push(`${file}:${line} says what is no literal`);
      else said.push({ file, text: unescaped(text), isPlural: found[1] === 'plural' });
    }
    problems.push(...early(file, code), ...foreign(file, code));
  }
  return { said, problems };
}

const unescaped = (text: string): string => text.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1');

/** Numbers and dates in the form of the machine, which may be another than the person's language. */
const foreign = (file: string, code: string): string[] =>
  [
    ...code.matchAll(
      /\.toLocale\w*String\(\s*(?:\)|undefined)|\bIntl\.(?!DateTimeFormat\(\)\.)\w+\(\s*(?:\)|undefined)/g,
    ),
  ].map(([written]) => `${file} goes by the language of the machine: ${written}`);

/** Texts that are said while the module is loaded: nobody has told the language then. A statement begins at a line's first column. */
function early(file: string, code: string): string[] {
  return code
    .split(/\n(?=[a-z@])/)
    .filter(
      (statement) =>
        !/^(export )?(default )?(abstract )?(async )?(function|class|interface|type|import)\b/.test(statement),
    )
    .flatMap((statement) => {
      const at = statement.search(call);
      const isLater = /=>|\bfunction\b/.test(statement.slice(0, Math.max(at, 0)));
      return at < 0 || isLater
        ? []
        : [`${file} says something before anybody told the language: ${statement.slice(0, 60)}`];
    });
}

/** Each text is in each bundle, none is left over, and a translation keeps what is filled in and has the forms of its language. */
export function bundleProblems(said: readonly Saying[], bundles: Texts): string[] {
  const texts = new Map(said.map(({ text, isPlural }) => [text, isPlural]));
  return [
    ...[...texts].flatMap(([text, isPlural]) => (isPlural ? wrongForms('en', text, text) : [])),
    ...Object.entries(bundles).flatMap(([language, bundle]) => [
      ...[...texts.keys()]
        .filter((text) => !Object.hasOwn(bundle, text))
        .map((text) => `${language} lacks ${JSON.stringify(text)}`),
      ...Object.keys(bundle)
        .filter((text) => !texts.has(text))
        .map((text) => `${language} has ${JSON.stringify(text)}, which nobody says`),
      ...Object.entries(bundle).flatMap(([text, own]) =>
        texts.get(text)
          ? wrongForms(language, text, own)
          : differences(text, own).map((what) => `${language} has ${what} in ${JSON.stringify(text)}`),
      ),
    ]),
  ];
}

/** Each form may be shown alone: it has all that is filled in, but the count where that is in words. */
function wrongForms(language: string, text: string, own: string): string[] {
  const forms = own.split('|');
  const { categories } = pluralsOf(language);
  const said = JSON.stringify(text);
  const last = text.split('|').at(-1) ?? text;
  return [
    ...(forms.length === categories.length
      ? []
      : [`${language} has ${forms.length} forms of ${said}, and ${categories.length} plurals`]),
    ...differences(last, forms.at(-1) ?? '').map((what) => `${language} has ${what} in ${said}`),
    ...forms
      .slice(0, -1)
      .flatMap((form) =>
        differences(withoutCount(last), withoutCount(form)).map((what) => `${language} has ${what} in ${said}`),
      ),
  ];
}

const withoutCount = (text: string): string => text.replaceAll('{0}', '');
