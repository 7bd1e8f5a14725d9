import { globSync, readFileSync } from 'node:fs';
import { inRepository, repository } from '../../../scripts/paths.ts';

/** A fenced block of a page. */
export interface Block {
  file: string;
  /** Of its first fence, from 1. */
  line: number;
  language: string;
  text: string;
  /** What the comment before it says of running it; null without one. */
  marker: string | null;
}

/** The pages whose commands are run, and what else people are told about the program. */
export const pages = (): string[] =>
  ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/*.md', { cwd: repository })]
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => globSync(file, { cwd: repository }).length > 0)
    .toSorted();

const MARKER = /^<!-- (run: .*|not run: .*) -->$/;

export function blocksOf(file: string): Block[] {
  const lines = readFileSync(inRepository(file), 'utf8').split('\n');
  const blocks: Block[] = [];
  let open: (Block & { indent: string }) | null = null;
  for (const [index, line] of lines.entries()) {
    const [, indent = '', language = ''] = /^(\s*)```(\S*)\s*$/.exec(line) ?? [];
    const isFence = /^\s*```/.test(line);
    if (isFence && open === null) {
      const marker = MARKER.exec(lines[index - 1]?.trim() ?? '')?.[1] ?? null;
      open = { file, line: index + 1, language, text: '', marker, indent };
    } else if (isFence && open !== null) {
      const { indent: _, ...block } = open;
      blocks.push(block);
      open = null;
    } else if (open !== null) open.text += `${line.startsWith(open.indent) ? line.slice(open.indent.length) : line}\n`;
  }
  return blocks;
}

/** What stands between backticks in the text of a page, outside of its blocks. */
export function inlineCodeOf(file: string): { line: number; text: string }[] {
  let fenced = false;
  return readFileSync(inRepository(file), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (/^\s*```/.test(line)) fenced = !fenced;
      return fenced ? [] : [...line.matchAll(/`([^`]+)`/g)].map(([, text = '']) => ({ line: index + 1, text }));
    });
}
