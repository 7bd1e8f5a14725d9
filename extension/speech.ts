import * as vscode from 'vscode';
import { speak } from '../protocol/words.ts';

/** Speaks the language that VS Code shows. Each bundle of the extension has words of its own and calls this once. */
export function speakAsVscode(): void {
  const { language } = vscode.env;
  speak({ locale: localeOf(language), texts: vscode.l10n.bundle ?? {} });
}

/** The system may know better how that language is written here: `en-GB` has other dates than `en`. */
function localeOf(language: string): string {
  const { locale } = new Intl.DateTimeFormat().resolvedOptions();
  const base = (name: string) => name.toLowerCase().split('-')[0];
  return base(locale) === base(language) && !language.includes('-') ? locale : language;
}
