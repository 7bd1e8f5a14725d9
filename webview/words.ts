import { speak } from '../protocol/words.ts';

export { plural, spokenLocale, t } from '../protocol/words.ts';

const bundles: Readonly<Record<string, () => Promise<{ default: Readonly<Record<string, string>> }>>> = {
  de: () => import('../l10n/bundle.l10n.de.json', { with: { type: 'json' } }),
  'zh-cn': () => import('../l10n/bundle.l10n.zh-cn.json', { with: { type: 'json' } }),
};

/** Loads the words of a language, such as `de-AT`; English where there are none. Resolves with the language of the words. */
export async function loadWords(language: string): Promise<string> {
  const name = bundleFor(language);
  const words = await bundles[name ?? '']?.();
  speak({ locale: language, texts: words?.default ?? {} });
  return name ?? 'en';
}

/** The bundle's name: `de-CH` is served by `de`, and every Chinese by the simplified one. */
export function bundleFor(language: string): string | undefined {
  const [base = ''] = language.toLowerCase().split(/[-_]/);
  return Object.keys(bundles).find((name) => name === base || name.startsWith(`${base}-`));
}
