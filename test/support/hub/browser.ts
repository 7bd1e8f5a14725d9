import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { installChromium } from '../installPackages.ts';

const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

export interface Chromium extends AsyncDisposable {
  readonly page: Page;
  /** What the page said that a person would call broken: errors on the console, and those that nobody caught. */
  readonly complaints: string[];
}

/** A page in a Chromium of its own, without a window, which keeps nothing. */
export async function openChromium(options: BrowserContextOptions = {}): Promise<Chromium> {
  const browser = await chromium.launch({ executablePath: await installChromium(), args: flags });
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints, [Symbol.asyncDispose]: () => browser.close() };
}
