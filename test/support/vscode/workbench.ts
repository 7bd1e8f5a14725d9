/**
 * What a person does in VS Code's window, by selectors of VS Code's own page.
 *
 * Each waits for a condition, never for a time; the page's default timeout bounds it.
 */
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import { exactly, linesOf, quickInputBox, quickInputRow, startsWith } from './workbenchParts.ts';

/** How long one try may take where VS Code can miss a key or a click; the next try follows. Milliseconds. */
const tryMs = 5_000;
/** How soon the palette offers a command that it knows. Milliseconds. */
const offerMs = 2_000;
/** How soon a menu closes when it took a click. Milliseconds. */
const clickMs = 500;

/** Runs a command by its title in the palette, such as 'Probe: Hello'. */
export async function palette(page: Page, command: string): Promise<void> {
  const input = quickInputBox(page);
  const row = quickInputRow(page, command);
  await eventually(`the palette offers no command '${command}'`, async () => {
    // An open palette keeps the commands it opened with, and those of a starting extension come later.
    if (await input.isVisible()) await page.keyboard.press('Escape');
    await input.waitFor({ state: 'hidden', timeout: tryMs });
    await page.keyboard.press('F1');
    await input.waitFor({ timeout: tryMs });
    await input.fill(`>${command}`);
    await row.waitFor({ timeout: offerMs });
    await row.click({ timeout: tryMs });
  });
  // The command may ask for input in the very same widget.
  await row.waitFor({ state: 'hidden' });
}

/** Waits for a question that a command asks, by a part of its title: the one before it may be on the screen still. */
export async function question(page: Page, title: string | RegExp): Promise<void> {
  await page.locator('.quick-input-widget .quick-input-title:visible', { hasText: title }).waitFor();
}

/** Fills the input that a command asks for, and accepts it. */
export async function quickInput(page: Page, text: string): Promise<void> {
  const input = quickInputBox(page);
  await input.fill(text);
  await input.press('Enter');
}

/** Chooses an entry of the list that a command shows, by its label. */
export async function quickPick(page: Page, label: string): Promise<void> {
  await quickInputRow(page, label).click();
}

/** Chooses these entries, and no more, of a list that takes several. */
export async function quickPicks(page: Page, labels: readonly string[]): Promise<void> {
  for (const label of labels) {
    const box = quickInputRow(page, label).getByRole('checkbox');
    if (!(await box.isChecked())) await quickInputRow(page, label).click();
  }
  await quickInputBox(page).press('Enter');
}

/**
 * Names a file in the dialog with this title. It takes a path only once it has read the folder that it begins in, and then
 * the one of the path, where it shows the folder `beside`.
 */
export async function fileDialog(page: Page, title: string, path: string, beside: string): Promise<void> {
  await question(page, title);
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await quickInputBox(page).fill(path);
  await quickInputRow(page, beside).waitFor();
  await quickInput(page, path);
}

/** Answers the question that stands in the way of everything else with one of its buttons. */
export async function modal(page: Page, text: string | RegExp, button: string): Promise<void> {
  const box = page.locator('.monaco-dialog-box', { hasText: text });
  await box.getByRole('button', { name: button, exact: true }).click();
  await box.waitFor({ state: 'hidden' });
}

/** Opens a view of the container in sight, by its title. */
export async function expandView(page: Page, title: string): Promise<void> {
  const header = page.locator('.pane-header', { has: exactly(page, '.title', title) });
  if ((await header.getAttribute('aria-expanded')) !== 'true') await header.click();
}

/** Shows a view container by its title in the activity bar. */
export async function openView(page: Page, label: string): Promise<void> {
  const tab = page
    .locator('.part.activitybar')
    .getByRole('tab', { name: startsWith(label) })
    .first();
  const title = page.locator('.part.sidebar .composite.title .title-label', { hasText: label });
  // A click on the tab of the open view would close it.
  await eventually(`no view '${label}' opened`, async () => {
    if (await title.isVisible()) return;
    await tab.click({ timeout: tryMs });
    await title.waitFor({ timeout: tryMs });
  });
}

/** A row of a tree on the screen, by a part of its text. Rows scrolled out of sight do not exist in VS Code's page. */
export async function treeRow(page: Page, text: string | RegExp): Promise<Locator> {
  const row = page.locator('.pane-body .monaco-list-row', { hasText: text }).first();
  await row.waitFor();
  return row;
}

/** Chooses an item of a row's context menu. */
export async function contextMenu(page: Page, row: Locator, item: string): Promise<void> {
  const entry = page.locator('.monaco-menu .action-item').filter({ has: exactly(page, '.action-label', item) });
  await row.click({ button: 'right' });
  await entry.waitFor();
  // VS Code ignores a click that follows the opening of the menu too soon.
  await eventually(`the item '${item}' did not take the click`, async () => {
    if (await entry.isVisible()) await entry.click({ timeout: tryMs });
    await entry.waitFor({ state: 'hidden', timeout: clickMs });
  });
}

/** A notification, by a part of its text. Its buttons: `getByRole('button', { name })`. */
export async function toast(page: Page, text: string | RegExp): Promise<Locator> {
  const shown = page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
  await shown.waitFor();
  return shown;
}

/** The lines on the screen of the active editor; of a diff, those of its right side. */
export async function editorText(page: Page): Promise<string> {
  const group = page.locator('.editor-group-container.active');
  const diff = group.locator('.editor.modified .view-lines');
  const editor = (await diff.count()) > 0 ? diff : group.locator('.monaco-editor .view-lines');
  return linesOf(editor.first());
}

/** The page inside the webview in sight. */
export function webview(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}
