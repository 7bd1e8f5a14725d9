/** Where things are in VS Code's own page. */
import type { Locator, Page } from 'playwright-core';

export function quickInputBox(page: Page): Locator {
  return page.locator('.quick-input-widget input.input:visible');
}

export function quickInputRow(page: Page, label: string): Locator {
  const rows = page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
  return rows.filter({ has: exactly(page, '.label-name', label) }).first();
}

export function exactly(page: Page, selector: string, text: string): Locator {
  return page.locator(selector, { hasText: new RegExp(`^\\s*${escapeRegExp(text)}\\s*$`) });
}

export function startsWith(text: string): RegExp {
  return new RegExp(`^${escapeRegExp(text)}`);
}

/** The part used here of an element of the page: the tests are checked without the browser's types. */
interface LineElement {
  readonly offsetTop: number;
  readonly textContent: string;
}

/** The text of an editor's lines, which the page holds in any order. */
export async function linesOf(editor: Locator): Promise<string> {
  const lines = editor.locator('.view-line');
  await lines.first().waitFor();
  const placed = await lines.evaluateAll((elements: readonly LineElement[]) =>
    elements.map(({ offsetTop, textContent }) => ({ top: offsetTop, text: textContent })),
  );
  const sorted = placed.sort((a, b) => a.top - b.top);
  return sorted.map(({ text }) => text.replaceAll('\u00a0', ' ')).join('\n');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
