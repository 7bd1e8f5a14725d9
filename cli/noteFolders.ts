import { resolve } from 'node:path';
import type { Context } from './taskCommands.ts';
import { oneLine, plural } from './text.ts';

/** Files that are named on the screen. */
const NAMED = 20;

export async function importNotes(
  { host, link, screen }: Context,
  folder: string,
  { into }: { into: string },
): Promise<number> {
  const { client } = await link.open();
  const done = await client.request('note/import', { folder: resolve(host.cwd, folder), into });
  screen.data(done);
  const { imported, unchanged, kept, skipped, more } = done;
  screen.print(`${plural(imported, 'note')} imported${unchanged === 0 ? '' : `, ${unchanged} were there already`}.`);
  if (kept.length > 0) screen.print(`Left out, since a note with another text is there: ${named(kept)}`);
  for (const { path, reason } of skipped.slice(0, NAMED))
    screen.print(`Left out: ${oneLine(path)}. ${oneLine(reason)}`);
  const others = skipped.length - NAMED + more;
  if (others > 0) screen.print(`Left out: ${others} more; --json names a thousand.`);
  return 0;
}

export async function exportNotes(
  { host, link, screen }: Context,
  folder: string,
  { overwrite = false }: { overwrite?: boolean },
): Promise<number> {
  const { client } = await link.open();
  const done = await client.request('note/export', { folder: resolve(host.cwd, folder), overwrite });
  screen.data(done);
  screen.print(
    `${plural(done.written, 'note')} written, not encrypted${done.unchanged === 0 ? '' : `, ${done.unchanged} were the same`}.`,
  );
  if (done.kept.length === 0) return 0;
  screen.print(`Left as they are, since they have another text (--overwrite writes over files): ${named(done.kept)}`);
  return 4;
}

const named = (paths: readonly string[]): string =>
  `${paths.slice(0, NAMED).map(oneLine).join(', ')}${paths.length > NAMED ? ` and ${paths.length - NAMED} more` : ''}`;
