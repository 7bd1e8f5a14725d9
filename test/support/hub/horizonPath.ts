/** The way that the hub is for, as a person goes it: a note, its tags, its horizon, a task, and the result back at the note. */
import type { FrameLocator, Page } from 'playwright-core';

export interface Walk {
  /** The hub's own page, or its frame in VS Code. */
  readonly hub: Pick<Page & FrameLocator, 'getByRole' | 'getByText' | 'locator'>;
  /** Looks at what is shown; called at each place on the way. */
  look(name: string): Promise<void>;
}

const THOUGHT = 'The crash of the parser is back.';
const JOB = 'Set RETRY_MAX to 5 in src/limits.ts';

/** On an empty workspace with the sample's files: it makes the first note, the first item and the first two tasks. */
export async function walkHorizonPath({ hub, look }: Walk): Promise<void> {
  const button = (name: string) => hub.getByRole('button', { name, exact: true });
  const page = async (name: string) => {
    await hub.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
    await hub.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  };

  await page('Notes');
  await button('Today').click();
  const editor = hub.getByRole('textbox', { name: 'Text of the note' });
  await editor.click();
  await editor.press('Control+End');
  await editor.pressSequentially(THOUGHT);
  await editor.press('Enter');
  await editor.press('Enter');
  await editor.pressSequentially(`- [ ] ${JOB}`);
  await hub.getByText('saved', { exact: true }).waitFor();
  const about = hub.getByRole('complementary', { name: 'About this note' });
  await about.getByText(JOB).waitFor();

  await about.getByRole('button', { name: 'Suggest tags' }).click();
  const tags = about.getByRole('article', { name: 'Tags' });
  await tags.getByText('#bug').waitFor();
  await tags.getByText(`“crash” in the line “${THOUGHT}”.`).waitFor();
  await look('path-1-suggested');
  await tags.getByRole('button', { name: 'Take it' }).click();
  await tags.waitFor({ state: 'detached' });
  await about.getByRole('button', { name: '#bug' }).waitFor();

  await about.getByRole('button', { name: 'Make an item of this' }).click();
  await about.getByRole('button', { name: 'item 1' }).click();
  await hub.getByRole('heading', { level: 1, name: 'Plan', exact: true }).waitFor();
  const card = (horizon: string) =>
    hub.getByRole('region', { name: horizon, exact: true }).getByRole('button', { name: new RegExp(`^${JOB}`) });
  await card('Next').press('Alt+ArrowLeft');
  await card('Now').waitFor();
  await look('path-2-now');

  const panel = hub.getByRole('complementary', { name: 'Item' });
  await panel.getByRole('button', { name: 'Start a task…' }).click();
  await panel.getByRole('button', { name: 'Start', exact: true }).click();
  const task = panel.getByRole('button', { name: /Task 2/ });
  await task.getByText('to review').first().waitFor();
  await look('path-3-worked');
  await task.click();

  await hub.getByText('RETRY_MAX = 5').first().waitFor();
  await look('path-4-diff');
  await button('Accept all').click();
  await hub.getByText('Accepted: it is on disk.').waitFor();

  await page('Notes');
  await hub.getByText('1/1', { exact: true }).waitFor();
  await hub
    .getByText(/^daily\/\d{4}-\d{2}-\d{2}\.md$/)
    .first()
    .click();
  await about.getByRole('checkbox', { name: JOB, checked: true }).waitFor();
  await about.getByText('done', { exact: true }).first().waitFor();
  await editor.getByText(`[x] ${JOB}`).waitFor();
  await look('path-5-done');
}
