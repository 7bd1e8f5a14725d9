import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { resultsFolder } from './tools.ts';

/** Returns the picture's path. */
export async function takeScreenshot(page: Page, name: string): Promise<string> {
  const picture = path.join(resultsFolder, 'screenshots', `${name.replace(/[^\w.-]+/g, '-')}.png`);
  await mkdir(path.dirname(picture), { recursive: true });
  // Playwright would hide the caret with a style of its own, which the hub's policy refuses and complains of.
  await page.screenshot({ path: picture, caret: 'initial' });
  return picture;
}
