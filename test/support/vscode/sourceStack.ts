/**
 * Stack traces of a bundle, told in its source files.
 *
 * The extension host sets `Error.prepareStackTrace`, and then Node leaves its source maps unused.
 */
import { findSourceMap } from 'node:module';

export function tellStacksInSources(): void {
  Error.prepareStackTrace = (error, frames) =>
    [Error.prototype.toString.call(error), ...frames.map((frame) => `    at ${toldInSource(frame)}`)].join('\n');
}

function toldInSource(frame: NodeJS.CallSite): string {
  const file = frame.getFileName();
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  if (!file || line === null || column === null) return String(frame);
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (!entry || !('originalSource' in entry)) return String(frame);
  const name = frame.getFunctionName() ?? '<anonymous>';
  return `${name} (${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1})`;
}
