import type { Page } from 'playwright-core';

/** What a person's system may ask for, by the name that pictures carry. */
const themes = {
  light: { colorScheme: 'light', contrast: 'no-preference' },
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  'high-contrast': { colorScheme: 'dark', contrast: 'more' },
} as const;

export type Theme = keyof typeof themes;
export const allThemes = Object.keys(themes) as Theme[];

/** Resolves when the page shows it, with nothing that moves. */
export async function showTheme(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ ...themes[theme], reducedMotion: 'reduce' });
  await page.locator(`body.vscode-${theme}`).waitFor();
  // The controls take the colours over in a frame of their own.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}
