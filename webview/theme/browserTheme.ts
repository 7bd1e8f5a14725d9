export type Theme = 'light' | 'dark' | 'high-contrast' | 'high-contrast-light';

const asks = {
  contrast: '(prefers-contrast: more), (forced-colors: active)',
  dark: '(prefers-color-scheme: dark)',
};

/** Gives a browser's page the theme that the person's system asks for, now and whenever that changes, as VS Code marks its webviews. */
export function followTheme(): void {
  const lists = [asks.contrast, asks.dark].map((query) => window.matchMedia(query));
  const apply = () => show(themeFor(lists[0]?.matches === true, lists[1]?.matches === true));
  for (const list of lists) list.addEventListener('change', apply);
  apply();
}

const themeFor = (contrast: boolean, dark: boolean): Theme =>
  contrast ? (dark ? 'high-contrast' : 'high-contrast-light') : dark ? 'dark' : 'light';

function show(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  // Last, since the controls take the variables when this changes.
  document.body.dataset['vscodeThemeKind'] = `vscode-${theme}`;
  document.body.className = `vscode-${theme}`;
}
