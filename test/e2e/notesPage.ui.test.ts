import { deepEqual, equal, match } from 'node:assert/strict';
import { test } from 'node:test';
import { openHub } from '../support/hub/hub.ts';

const PLAN = `---
tags: [work]
---
# Harvest plan

See [[Machines|the machines]] and \`[[no link]]\`. #autumn <script>alert(1)</script>

- [ ] Order a combine
- [x] Ask for prices
`;

test('notes in the hub: written, linked, planned, merged, kept', { timeout: 300_000 }, async (t) => {
  await using hub = await openHub();
  const { page, client } = hub;
  const editor = page.getByRole('textbox', { name: 'Text of the note' });
  const show = async (note: string) => client.request('note/show', { note });
  const until = async (note: string, holds: (text: string) => boolean) => {
    for (const end = Date.now() + 15_000; ; ) {
      const text = await show(note).then(
        (shown) => shown.text,
        () => '',
      );
      if (holds(text)) return text;
      if (Date.now() > end) throw new Error(`it stays ${JSON.stringify(text)}`);
      await page.waitForTimeout(50);
    }
  };
  const { note } = await client.request('note/save', { path: 'work/harvest.md', text: PLAN, base: null });
  await client.request('note/save', { path: 'machines.md', text: '# Machines\n\n[[harvest]]\n', base: null });

  await t.test('a note is chosen, edited and saved by itself', async () => {
    await hub.go('notes');
    await page.getByRole('button', { name: /Harvest plan/ }).click();
    await editor.waitFor();
    await editor.press('Control+End');
    await page.keyboard.type('One more line with [[mach');
    await page
      .getByRole('option', { name: /machines/i })
      .first()
      .click();
    const text = await until('work/harvest.md', (now) => now.endsWith('machines]]'));
    equal(text, `${PLAN}One more line with [[machines]]`);
    await page.getByText('saved', { exact: true }).waitFor();
    await hub.look('notes-edit');
  });

  await t.test('a box becomes an item, and is ticked', async () => {
    await page.getByRole('button', { name: 'Make an item of this' }).click();
    await page.getByRole('button', { name: 'item 1' }).waitFor();
    const { items } = await client.request('item/list', { noteId: note.id });
    deepEqual(
      items.map(({ title }) => title),
      ['Order a combine'],
    );
    await page.getByRole('checkbox', { name: 'Order a combine' }).click();
    await until('work/harvest.md', (now) => /- \[x\] Order a combine \^\w+/.test(now));
    await page.getByRole('checkbox', { name: 'Order a combine', checked: true }).waitFor();
  });

  await t.test('it is read inert, and its links are followed', async () => {
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.getByText('<script>alert(1)</script>').waitFor();
    await hub.look('notes-read');
    await page.getByRole('link', { name: 'the machines' }).click();
    await page.getByRole('heading', { level: 2, name: 'machines.md' }).waitFor();
    await page.getByRole('button', { name: 'Harvest plan', exact: true }).first().click();
    await page.getByRole('heading', { level: 2, name: 'work/harvest.md' }).waitFor();
  });

  await t.test('two hubs that change other lines are merged; the same lines are shown', async () => {
    await editor.waitFor();
    await editor.press('Control+End');
    const before = await show('work/harvest.md');
    await page.keyboard.type(' mine');
    await client.request('note/save', {
      ...{
        path: 'work/harvest.md',
        text: before.text.replace('# Harvest plan', '# Harvest'),
        base: before.note.version,
      },
    });
    const merged = await until('work/harvest.md', (now) => now.includes('# Harvest\n') && now.endsWith(' mine'));
    match(merged, /One more line with \[\[machines\]\] mine$/);
    const again = await show('work/harvest.md');
    await page.keyboard.type(' and more');
    await client.request('note/save', {
      ...{ path: 'work/harvest.md', text: again.text.replace(/ mine$/, ' theirs'), base: again.note.version },
    });
    await page.getByRole('dialog', { name: 'The note was changed meanwhile' }).waitFor();
    await hub.look('notes-conflict');
    await page.getByRole('button', { name: 'Keep my text' }).click();
    await until('work/harvest.md', (now) => now.endsWith(' mine and more'));
  });

  await t.test('words are found', async () => {
    await page.getByRole('textbox', { name: 'Search notes' }).fill('combine');
    await page.getByRole('button', { name: /Order a combine/ }).waitFor();
    await page.getByRole('textbox', { name: 'Search notes' }).fill('nowhere');
    await page.getByText('No note has all of these words.').waitFor();
    await page.getByRole('textbox', { name: 'Search notes' }).fill('');
  });

  await t.test('a note of the day is made', async () => {
    await page.getByRole('button', { name: 'Today' }).click();
    await page.getByRole('heading', { level: 2, name: /^daily\/\d{4}-\d\d-\d\d\.md$/ }).waitFor();
    await editor.waitFor();
  });
  deepEqual(hub.complaints, []);
});
