/** Chromium without a window, in the same profile as the server whose page it shows. */
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Folders } from './profile.ts';
import type { CodeServerTools } from './tools.ts';

export interface Browser {
  readonly page: Page;
  /** Says what broke the page since it was opened; such a page never gets anywhere. */
  crash(): string | undefined;
  dispose(): Promise<void>;
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startBrowser(
  tools: CodeServerTools,
  { folders, env }: { folders: Folders; env: Readonly<Record<string, string>> },
  { timeoutMs, language }: { timeoutMs: number; language?: string | undefined },
): Promise<Browser> {
  const context: BrowserContext = await chromium.launchPersistentContext(folders.browser, {
    executablePath: tools.chromium,
    headless: true,
    args: flags,
    env,
    viewport: { width: 1280, height: 800 },
    timeout: timeoutMs,
    // The test process ends the browser itself, when it is done with its own clean-up.
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  context.setDefaultTimeout(timeoutMs);
  // What the messages of a language pack would say of themselves.
  if (language !== undefined)
    await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
  const page = context.pages()[0] ?? (await context.newPage());
  let crashed: string | undefined;
  page.once('crash', () => {
    crashed = 'the page crashed';
  });
  context.once('close', () => {
    crashed ??= 'the browser ended';
  });
  return { page, crash: () => crashed, dispose: () => context.close() };
}
