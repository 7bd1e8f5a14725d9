import { config, t as translate } from '@vscode/l10n';

type Argument = string | number;

/** A text of the hub in the person's language: the English one is its key, `{0}` and so on are filled in. */
export const t = (text: string, ...args: Argument[]): string => translate(text, ...args);

const bundles: Readonly<Record<string, () => Promise<{ default: Readonly<Record<string, string>> }>>> = {
  de: () => import('./l10n/bundle.l10n.de.json'),
  'zh-cn': () => import('./l10n/bundle.l10n.zh-cn.json'),
};

/** Loads the words of a language, such as `de-AT`; English where there are none. */
export async function loadWords(language: string): Promise<void> {
  const name = bundleFor(language);
  if (name === undefined) return;
  const words = await bundles[name]?.();
  if (words !== undefined) config({ contents: { ...words.default } });
}

/** The bundle's name: `de-CH` is served by `de`, and every Chinese by the simplified one. */
export function bundleFor(language: string): string | undefined {
  const [base = ''] = language.toLowerCase().split(/[-_]/);
  return Object.keys(bundles).find((name) => name === base || name.startsWith(`${base}-`));
}
