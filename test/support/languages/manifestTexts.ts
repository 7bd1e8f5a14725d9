/** Rules on the texts of the manifest, which VS Code shows before any code runs: `%keys%`, and a file of them for each language. */
import { differences } from './parts.ts';

/** Language → key → text. */
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Fields that VS Code shows to people, wherever they stand. */
const shown =
  /^(title|shortTitle|category|label|description|markdownDescription|contents|contextualTitle|altText|displayName|fullName|enumDescriptions|markdownEnumDescriptions|enumItemLabels|deprecationMessage|markdownDeprecationMessage|errorMessage|patternErrorMessage)$/;
/** Stays as it is in every language. */
const product = 'OSPAiN2';

interface Text {
  readonly at: string;
  readonly text: string;
}

function textsOf(value: unknown, at: string): Text[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = at === '' ? name : `${at}.${name}`;
    if (!isShown(name, at)) return name === 'default' ? [] : textsOf(inner, here);
    return [inner].flat().map((text) => ({ at: here, text: String(text) }));
  });
}

/** The name of a view is read by people, that of a chat command is typed. */
const isShown = (name: string, at: string): boolean =>
  shown.test(name) || (name === 'name' && at.startsWith('contributes.views.'));

/** Each text is a key or the product's name, each key has a text in every language and is used, and they agree. */
export function manifestTextProblems(manifest: object, texts: Texts): string[] {
  const { description, displayName, capabilities, contributes } = manifest as Readonly<Record<string, unknown>>;
  const found = textsOf({ description, displayName, capabilities, contributes }, '').filter(
    ({ text }) => text !== product && text !== 'undefined',
  );
  const keyOf = (text: string) => /^%([\w.]+)%$/.exec(text)?.[1];
  const keys = new Set(found.flatMap(({ text }) => keyOf(text) ?? []));
  return [
    ...found.filter(({ text }) => keyOf(text) === undefined).map(({ at, text }) => `${at} is no key: ${text}`),
    ...Object.entries(texts).flatMap(([language, ofLanguage]) => [
      ...[...keys].filter((key) => ofLanguage[key] === undefined).map((key) => `${language} has no text for ${key}`),
      ...Object.keys(ofLanguage)
        .filter((key) => !keys.has(key))
        .map((key) => `${language} has ${key}, which nothing uses`),
      ...disagreements(language, ofLanguage, texts['en'] ?? {}),
      ...strangeLinks(language, ofLanguage),
    ]),
  ];
}

const disagreements = (language: string, ofLanguage: Texts[string], english: Texts[string]): string[] =>
  Object.entries(ofLanguage).flatMap(([key, text]) =>
    differences(english[key] ?? text, text).map((difference) => `${language} has ${difference} in ${key}`),
  );

/** A link that runs a command of ours is called as that command is. */
const strangeLinks = (language: string, ofLanguage: Texts[string]): string[] =>
  Object.entries(ofLanguage).flatMap(([key, text]) =>
    [...text.matchAll(/\[([^\]]*)\]\(command:ospain2\.([\w.]+)\)/g)].flatMap(([, label = '', command = '']) => {
      const title = ofLanguage[`command.${command}`]?.replace(/…$/, '') ?? label;
      return title === label ? [] : [`${language} calls ${command} "${label}" in ${key}, and "${title}" elsewhere`];
    }),
  );
