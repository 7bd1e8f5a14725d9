import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * What axe finds against the page as it is now, a line for each; nothing is what it should find. `frames` are selectors of
 * frames inside each other, where the page is not the browser's own.
 */
export async function axe(page: Page, frames: readonly string[] = []): Promise<string[]> {
  const builder = new AxeBuilder({ page });
  const { violations } = await (frames.length === 0 ? builder : builder.include([...frames, 'body'])).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)}: ${failureSummary.replace(/\s+/g, ' ')}`,
    ),
  );
}
