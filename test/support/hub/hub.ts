/** The hub in a real browser, over the real server and its database: what tests of its pages stand on. */
import { deepEqual } from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Client } from '../../../protocol/index.ts';
import { ensureBuilt } from '../../../scripts/build.ts';
import { startServer, type TestServer } from '../server.ts';
import { sampleWorkspace, tempFolder } from '../temp.ts';
import { takeScreenshot } from '../vscode/screenshot.ts';
import { axe } from './axe.ts';
import { openChromium } from './browser.ts';
import { allThemes, showTheme, type Theme } from './themes.ts';

export interface HubInBrowser extends AsyncDisposable {
  readonly page: Page;
  /** The server by its local socket, for what a test prepares and looks up. */
  readonly client: Client;
  readonly server: TestServer;
  readonly workspace: string;
  /** See `openChromium`; nothing is what it should hold. */
  readonly complaints: readonly string[];
  /** A new link that lets a browser in. */
  link(): Promise<string>;
  /** Goes to a place, such as `tasks/42`, as a link in the hub would. */
  go(place: string): Promise<void>;
  /** Looks at what is shown in every theme and size: a picture of each, and what axe finds must be nothing. */
  look(name: string, sizes?: readonly Size[]): Promise<void>;
}

export interface HubOptions {
  readonly settings?: Record<string, unknown>;
  readonly locale?: string;
}

type Size = keyof typeof viewports;
const viewports = { wide: { width: 1280, height: 800 }, narrow: { width: 420, height: 760 } };

/** A server on a copy of the sample workspace, and a browser that its link let in, in the light theme. */
export async function openHub({ settings, locale = 'en-US' }: HubOptions = {}): Promise<HubInBrowser> {
  await ensureBuilt();
  await using made = new AsyncDisposableStack();
  const workspace = made.use(sampleWorkspace());
  const data = made.use(tempFolder('hub'));
  const server = made.use(
    await startServer({ workspace: workspace.path, data: data.path, ...(settings && { settings }) }),
  );
  const { page, complaints } = made.use(await openChromium({ locale }));
  await server.client.request('api/start', { port: 0 });
  const link = async () => (await server.client.request('hub/open', {})).url;
  await page.goto(await link());
  await page.getByRole('navigation').waitFor();
  await showTheme(page, 'light');
  const all = made.move();
  return {
    page,
    client: server.client,
    server,
    workspace: workspace.path,
    complaints,
    link,
    async go(place) {
      await page.evaluate(`location.hash = ${JSON.stringify(`/${place}`)}`);
    },
    look: (name, sizes = ['wide', 'narrow']) => look(page, name, sizes),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function look(page: Page, name: string, sizes: readonly Size[]): Promise<void> {
  const found: Partial<Record<string, string[]>> = {};
  for (const size of sizes) {
    await page.setViewportSize(viewports[size]);
    for (const theme of allThemes) {
      await showTheme(page, theme);
      await takeScreenshot(page, pictureName(name, theme, size));
      const violations = await axe(page);
      if (violations.length > 0) found[`${theme}, ${size}`] = violations;
    }
  }
  await page.setViewportSize(viewports.wide);
  await showTheme(page, 'light');
  deepEqual(found, {}, `${name}: axe found something`);
}

const pictureName = (name: string, theme: Theme, size: Size): string =>
  `hub-${name}-${theme}${size === 'wide' ? '' : `-${size}`}`;
