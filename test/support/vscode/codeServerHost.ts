/** Specs in the extension host of code-server, started by a page in Chromium that asks for them. */
import { setTimeout as delay } from 'node:timers/promises';
import { format } from 'node:util';
import { type Browser, startBrowser } from './browser.ts';
import { createDriver, type Driver, type HostResult, type HostRun } from './driver.ts';
import { takeScreenshot } from './screenshot.ts';
import { type Server, startServer } from './server.ts';
import type { CodeServerTools } from './tools.ts';

const startTimeoutMs = 120_000;

export async function runInCodeServer(tools: CodeServerTools, run: HostRun): Promise<HostResult> {
  const server = await startServer(tools, { ...run, testDriver: true, timeoutMs: startTimeoutMs });
  let browser: Browser | undefined;
  try {
    const driver = await createDriver(server.folders.root, run);
    browser = await startBrowser(tools, server, { timeoutMs: startTimeoutMs });
    const exitCode = await runInPage(server, browser, driver, run.timeoutMs ?? 600_000);
    return await driver.result(exitCode);
  } finally {
    await browser?.dispose();
    await server.dispose();
  }
}

async function runInPage(server: Server, browser: Browser, driver: Driver, timeoutMs: number): Promise<number> {
  const { page } = browser;
  let log = '';
  let exitCode: number | undefined;
  // VS Code calls these two. They are there before the page is, so that no early line is lost.
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    log += `[${type}] ${format(...args)}\n`;
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => {
    exitCode = code;
  });
  await page.goto(testUrl(server, driver));
  const deadline = Date.now() + timeoutMs;
  while (exitCode === undefined) {
    await delay(100);
    await driver.print();
    await server.check();
    const crash = browser.crash();
    if (crash) throw new Error(`${crash}\n${log}`);
    if (Date.now() > deadline) {
      const picture = await takeScreenshot(page, 'specs-timeout');
      throw new Error(`the specs did not end within ${timeoutMs / 1000} s; see ${picture}\n${log}`);
    }
  }
  return exitCode;
}

function testUrl({ url }: Server, driver: Driver): string {
  const address = new URL(url);
  const remote = (file: string): string => `vscode-remote://${address.host}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(driver.folder)],
    ['extensionTestsPath', remote(driver.tests)],
    ['skipWelcome', 'true'],
  ];
  address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}
