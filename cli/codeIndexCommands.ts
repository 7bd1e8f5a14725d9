import type { CodeIndexStatus, CodeMatch } from '../protocol/index.ts';
import type { Context } from './taskCommands.ts';
import { plural, span } from './text.ts';

export async function searchCode({ link, screen }: Context, query: string, limit: number): Promise<number> {
  const { client } = await link.open();
  const { matches } = await client.request('codeIndex/search', { query, limit });
  for (const match of matches) screen.data({ match });
  if (matches.length === 0) screen.print('Nothing found.');
  else screen.print(matches.map((match) => line(match, screen.safe, screen.paint.dim)).join('\n'));
  return matches.length === 0 ? 1 : 0;
}

/** As compilers write it, so that terminals make a link of it. */
const line = (
  { path, from, name, by }: CodeMatch,
  safe: (text: string) => string,
  dim: (text: string) => string,
): string => `${safe(path)}:${from}${name === null ? '' : `  ${safe(name)}`}  ${dim(by.join(', '))}`;

export async function showIndex({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  const { index } = await client.request('codeIndex/status', {});
  screen.data({ index });
  screen.print(statusOf(index));
  return 0;
}

export async function refreshIndex({ link, screen }: Context, anew: boolean): Promise<number> {
  const { client } = await link.open();
  const { index, read, changed, gone } = await client.request('codeIndex/refresh', { anew });
  screen.data({ index, read, changed, gone });
  screen.print(`${plural(read, 'file')} read, ${changed} taken in, ${gone} gone.\n${statusOf(index)}`);
  return 0;
}

function statusOf({
  state,
  files,
  chunks,
  symbols,
  embedded,
  embedder,
  complete,
  bytes,
  updatedAt,
}: CodeIndexStatus): string {
  if (state === 'off') return 'The index is switched off.';
  if (state === 'broken') return 'The index cannot be used: its database is broken. Restart the server.';
  const meaning =
    embedder === null
      ? 'No search by meaning: no model has the alias embed.'
      : `${embedded} of ${chunks} parts are found by meaning, with ${embedder}.`;
  return [
    `${plural(files, 'file')}, ${plural(symbols, 'definition')}, ${plural(chunks, 'part')}, ${(bytes / 1e6).toFixed(1)} MB on disk.`,
    ...(complete ? [] : ['There are more files than are looked at.']),
    meaning,
    updatedAt === 0 ? 'It was never brought up to date.' : `Brought up to date ${span(Date.now() - updatedAt)} ago.`,
  ].join('\n');
}
