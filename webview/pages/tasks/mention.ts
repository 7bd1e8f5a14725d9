import type { CodeMatch } from '../../../protocol/codeIndex.ts';

/** How an instruction points to a file, or to a definition by its name; quoted where it has blanks. */
const mention = (what: 'file' | 'symbol', name: string): string =>
  `#${what}:${/[\s"]|[.,;:!?)]$/.test(name) ? `"${name}"` : name}`;

/** What can be mentioned of what was found, each once: definitions and the files that they are in. */
export function mentionsOf(matches: readonly CodeMatch[]): string[] {
  const found = matches.flatMap(({ path, name }) => [
    ...(name === null ? [] : [mention('symbol', name)]),
    mention('file', path),
  ]);
  return [...new Set(found)];
}
