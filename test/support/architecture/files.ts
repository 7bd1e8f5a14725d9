/** Rules on files: how long they are, what may not stand in them, and where tests lie. */
import { type Tree, withoutComments } from './tree.ts';

export const MAX_LINES = 500;
export const MAX_MEDIAN_LINES = 110;

const lines = (text: string): number => text.split('\n').length - 1;

export const longFiles = (tree: Tree): string[] =>
  [...tree].filter(([, text]) => lines(text) > MAX_LINES).map(([file, text]) => `${file} has ${lines(text)} lines`);

export function medianLines(tree: Tree): number {
  const sorted = [...tree.values()].map(lines).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

// Written apart, so that this file does not find itself.
const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME'].map((mark) => `\\b${mark}\\b`).join('|'));

export const unfinishedFiles = (tree: Tree): string[] =>
  [...tree].filter(([, text]) => marks.test(text)).map(([file]) => `${file} says that it is not finished`);

/** `only` hides every other test. */
export const narrowedTests = (tree: Tree): string[] =>
  [...tree]
    .filter(
      ([file, text]) =>
        /\.(test|spec)\.ts$/.test(file) && /^\s*(it|test|describe)\.only\(/m.test(withoutComments(text)),
    )
    .map(([file]) => `${file} runs only some of its tests`);

/** Tests that are not of one source file. */
const elsewhere = [
  'test/architecture.test.ts',
  'test/languages.test.ts',
  'test/security.test.ts',
  'test/workflows.test.ts',
  'test/contract/',
  'test/e2e/',
  'test/support/',
];
/** Tests in VS Code see the extension as a whole. */
const inVscode = /^test\/extension\/.*\.(spec|ui\.test)\.ts$/;

/** Tests of what a whole folder does, or of one side of a file that has several: a new one is added here. */
const themes = [
  'test/fuzz/found.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/models/canary/golden.test.ts',
  'test/models/canary/lessons.test.ts',
  'test/server/inference/poolFailures.test.ts',
  'test/server/storage/disks.test.ts',
  'test/server/tasks/crash.test.ts',
  'test/server/tasks/ends.test.ts',
  'test/server/tasks/histories.test.ts',
  'test/webview/gallery.ui.test.ts',
];

/** A test mirrors its source path for path, so that both are found from each other. */
export function strayTests(tree: Tree): string[] {
  const tests = [...tree.keys()].filter((file) => /^test\/.*\.(test|spec)\.ts$/.test(file));
  return tests
    .filter(
      (file) => !elsewhere.some((place) => file.startsWith(place)) && !themes.includes(file) && !inVscode.test(file),
    )
    .filter((file) => {
      const source = file.slice('test/'.length).replace(/\.(test|spec)\.ts$/, '');
      const named = tree.has(`${source}.ts`) || tree.has(`${source}.mjs`);
      return !named && ![...tree.keys()].some((other) => other.startsWith(`${source}/`));
    })
    .map((file) => `${file} is the test of no source file`);
}
