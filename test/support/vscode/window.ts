/**
 * A real VS Code window with the product in it, for tests from Node (`*.ui.test.ts`).
 *
 * The browser, the server and all their files are this window's own, and go with it.
 */
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { type Browser, startBrowser } from './browser.ts';
import { patienceMs } from './eventually.ts';
import { installVscode } from './install.ts';
import type { Folders } from './profile.ts';
import { takeScreenshot } from './screenshot.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';
import * as workbench from './workbench.ts';

export interface VscodeWindow {
  readonly page: Page;
  readonly folders: Folders;
  /** Runs a command by its title, such as 'Probe: Hello'. */
  palette(command: string): Promise<void>;
  /** Waits for the question with this title. */
  question(title: string | RegExp): Promise<void>;
  /** Fills the input that a command asks for, and accepts it. */
  quickInput(text: string): Promise<void>;
  /** Chooses an entry of the list that a command shows, by its label. */
  quickPick(label: string): Promise<void>;
  /** Chooses entries of a list that takes several, and accepts them. */
  quickPicks(labels: readonly string[]): Promise<void>;
  /** Names a file in the dialog with this title, by its absolute path, in a folder that holds the folder `beside`. */
  fileDialog(title: string, path: string, beside: string): Promise<void>;
  /** Answers a modal question, known by a part of its text, with a button. */
  modal(text: string | RegExp, button: string): Promise<void>;
  openView(label: string): Promise<void>;
  /** Opens a view of the container in sight, by its title. */
  expandView(title: string): Promise<void>;
  treeRow(text: string | RegExp): Promise<Locator>;
  contextMenu(row: Locator, item: string): Promise<void>;
  toast(text: string | RegExp): Promise<Locator>;
  editorText(): Promise<string>;
  webview(): FrameLocator;
  /** Writes test-results/screenshots/<name>.png and returns its path. */
  screenshot(name: string): Promise<string>;
  dispose(): Promise<void>;
}

export async function openWindow(options: ServerOptions): Promise<VscodeWindow> {
  const tools = await installVscode();
  if (tools.kind !== 'code-server') {
    throw new Error('tests of the window need code-server: run them on Linux, without OSPAIN2_TEST_VSCODE=electron');
  }
  const timeoutMs = options.timeoutMs ?? patienceMs;
  const server = await startServer(tools, { ...options, timeoutMs });
  let browser: Browser | undefined;
  const dispose = async (): Promise<void> => {
    await browser?.dispose();
    await server.dispose();
  };
  try {
    browser = await startBrowser(tools, server, { timeoutMs, language: options.language });
    await showWorkbench(browser.page, server);
  } catch (error) {
    await dispose();
    throw error;
  }
  const { page } = browser;
  return {
    page,
    folders: server.folders,
    palette: (command) => workbench.palette(page, command),
    question: (title) => workbench.question(page, title),
    quickInput: (text) => workbench.quickInput(page, text),
    quickPick: (label) => workbench.quickPick(page, label),
    quickPicks: (labels) => workbench.quickPicks(page, labels),
    fileDialog: (title, path, beside) => workbench.fileDialog(page, title, path, beside),
    modal: (text, button) => workbench.modal(page, text, button),
    openView: (label) => workbench.openView(page, label),
    expandView: (title) => workbench.expandView(page, title),
    treeRow: (text) => workbench.treeRow(page, text),
    contextMenu: (row, item) => workbench.contextMenu(page, row, item),
    toast: (text) => workbench.toast(page, text),
    editorText: () => workbench.editorText(page),
    webview: () => workbench.webview(page),
    screenshot: (name) => takeScreenshot(page, name),
    dispose,
  };
}

async function showWorkbench(page: Page, server: Server): Promise<void> {
  await page.goto(server.url);
  try {
    await page.locator('.monaco-workbench .part.statusbar').waitFor();
    // VS Code's own mark: commands and views of the extensions are there from now on.
    await page.waitForFunction(`performance.getEntriesByName('code/didLoadExtensions').length > 0`);
  } catch (cause) {
    await server.check();
    throw new Error(`VS Code's window did not open; see ${await takeScreenshot(page, 'window-not-open')}`, { cause });
  }
}
