import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { axe } from '../support/hub/axe.ts';
import { openChromium } from '../support/hub/browser.ts';
import { serveGallery } from '../support/hub/gallery.ts';
import { allThemes, showTheme } from '../support/hub/themes.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { takeScreenshot } from '../support/vscode/screenshot.ts';

const entry = fileURLToPath(new URL('gallery/main.tsx', import.meta.url));

test('every control by keyboard and pointer, in every theme', { timeout: 180_000 }, async (t) => {
  await using gallery = await serveGallery(entry);
  await using chromium = await openChromium({ viewport: { width: 900, height: 2000 } });
  const { page, complaints } = chromium;
  await page.goto(gallery.url);
  await page.getByRole('heading', { name: 'Gallery' }).waitFor();
  const state = async (): Promise<Record<string, unknown>> =>
    JSON.parse((await page.getByTestId('state').textContent()) ?? '{}');

  // The controls tell what happened in a frame of their own.
  const becomes = (name: string, value: unknown) =>
    eventually(`${name} did not become ${value}`, async () => equal((await state())[name], value), 10_000);
  const isFocused = (text: string) =>
    eventually(
      `${text} did not get the focus`,
      async () => equal(await page.evaluate('document.activeElement.textContent'), text),
      10_000,
    );

  await t.test('buttons press, and disabled ones do not', async () => {
    await page.getByRole('button', { name: 'Press' }).click();
    await page.getByRole('button', { name: 'Press' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Disabled').click({ force: true });
    await page.getByRole('button', { name: 'Edit' }).click();
    await becomes('pressed', 3);
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('button', { name: 'Filter', pressed: true }).waitFor();
    await page.getByRole('checkbox', { name: 'Remember', checked: true }).waitFor();
    await page.getByRole('checkbox', { name: 'Remember' }).focus();
    await page.keyboard.press('Space');
    await becomes('checked', false);
  });

  await t.test('fields take text, Enter, and what is set from outside', async () => {
    await page.getByRole('textbox', { name: 'Name' }).fill('abc');
    const search = page.getByRole('textbox', { name: 'Search' });
    await eventually('the other field did not follow', async () => equal(await search.inputValue(), 'abc'), 10_000);
    await search.press('Enter');
    await becomes('pressed', 4);
    await page.getByRole('textbox', { name: 'Text' }).fill('one\ntwo');
    await becomes('long', 'one\ntwo');
    await page.getByRole('textbox', { name: 'Name' }).fill('!');
    await page.getByText('No.', { exact: true }).waitFor();
  });

  await t.test('a dropdown and tabs are chosen from by keyboard', async () => {
    await page.getByRole('combobox', { name: 'Horizon' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await becomes('horizon', 'next');
    await page.getByRole('tab', { name: /One/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('This is two.').waitFor();
    await isFocused('Two');
  });

  await t.test('a list of any length is one stop, and keys go through it', async () => {
    ok((await page.getByRole('listitem').count()) < 60);
    await page.getByRole('button', { name: 'Row 0', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('button', { name: 'Row 1', exact: true }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'Row 99999' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await becomes('pressed', 99_999);
    equal(await page.locator('[data-row][tabindex="0"]').count(), 1);
  });

  await t.test('a dialog keeps the focus and gives it back', async () => {
    await page.getByRole('button', { name: 'Ask' }).click();
    const dialog = page.getByRole('dialog', { name: 'A question' });
    await dialog.getByRole('textbox', { name: 'Answer' }).fill('yes');
    deepEqual(await axe(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await isFocused('Ask');
  });

  await t.test('messages are said, acted on and closed', async () => {
    await page.getByRole('button', { name: 'Say' }).click();
    await page.getByRole('button', { name: 'Fail' }).click();
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.getByText('Something went wrong').waitFor();
    await messages.getByRole('button', { name: 'Undo' }).click();
    await becomes('pressed', 0);
    await messages.getByText('It is done.').waitFor({ state: 'detached' });
  });

  await t.test('Markdown is inert', async () => {
    const markdown = page.locator('.markdown');
    equal(await markdown.locator('script, img, b, iframe, input').count(), 0);
    ok(await markdown.getByText('<b onclick="x">HTML</b>').count());
    equal(await markdown.locator('a').count(), 1);
    ok(!(await page.title()).includes('ran'));
  });

  for (const theme of allThemes)
    await t.test(theme, async () => {
      await showTheme(page, theme);
      await takeScreenshot(page, `hub-gallery-${theme}`);
      deepEqual(await axe(page), []);
    });
  deepEqual(complaints, []);
});
