import { text as readAll } from 'node:stream/consumers';
import type { Note, Result } from '../protocol/index.ts';
import { moment } from './moments.ts';
import type { Context } from './taskCommands.ts';
import { oneLine, plain, plural, table } from './text.ts';

/** People leave the extension out. An id has none. */
export const noteRef = (ref: string): string =>
  /\.md$/i.test(ref) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(ref) ? ref : `${ref}.md`;

export interface ListOptions {
  folder?: string;
  tag?: string;
  recent?: boolean;
  limit: number;
}

export async function listNotes({ link, screen }: Context, options: ListOptions): Promise<number> {
  const { folder, tag, recent, limit } = options;
  const { client } = await link.open();
  const { notes, total } = await client.request('note/list', {
    ...(folder !== undefined && { folder }),
    ...(tag !== undefined && { tag }),
    order: recent ? 'updated' : 'path',
    limit: Math.min(limit, 1000),
  });
  for (const note of notes) screen.data({ note });
  if (notes.length === 0) screen.print('No notes. Make one with: ospain2 note add idea "…"');
  else screen.print(noteTable(notes, Date.now()));
  if (notes.length < total) screen.print(`${total - notes.length} more: --limit, --folder and --tag say which.`);
  return 0;
}

const noteTable = (notes: readonly Note[], now: number): string => {
  const rows = notes.map(({ path, title, tags, boxes, updatedAt }) => [
    oneLine(path),
    moment(updatedAt, now),
    boxes.total === 0 ? '' : `${boxes.done}/${boxes.total}`,
    oneLine([title, ...tags.map((tag) => `#${tag}`)].join(' ')),
  ]);
  return table([['path', 'changed', 'boxes', 'title'], ...rows]).join('\n');
};

export async function listTags({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  let none = true;
  for (let after: string | undefined; ; ) {
    const page: Result<'note/tags'> = await client.request('note/tags', after === undefined ? {} : { after });
    for (const tag of page.tags) {
      screen.data(tag);
      screen.print(`#${oneLine(tag.tag)}  ${plural(tag.notes, 'note')}`);
      none = false;
    }
    if (page.next === null) break;
    after = page.next;
  }
  if (none) screen.print('No tags. Write one as #this, or in the front matter of a note.');
  return 0;
}

export async function showNote({ link, screen }: Context, ref: string, options: { links?: boolean }): Promise<number> {
  const { client } = await link.open();
  const shown = await client.request('note/show', { note: noteRef(ref) });
  screen.data(shown);
  if (!options.links) {
    screen.print(screen.safe(shown.text).replace(/\n$/, ''));
    return 0;
  }
  const to = shown.links.map(({ target, path, line }) => `→ ${path ?? `${target} (no such note)`}  line ${line}`);
  const from = shown.backlinks.map(({ path, line, excerpt }) => `← ${path}:${line}  ${excerpt}`);
  screen.print([...to, ...from].map(oneLine).join('\n') || 'It links to nothing, and nothing links to it.');
  return 0;
}

export async function addNote({ host, link, screen }: Context, path: string, text: string): Promise<number> {
  const content = text === '-' ? await readAll(host.stdin) : text;
  const { client } = await link.open();
  const whole = content === '' || content.endsWith('\n') ? content : `${content}\n`;
  const { note } = await client.request('note/save', { path: noteRef(path), text: whole, base: null });
  screen.data({ note });
  screen.print(`${note.path} is there.`);
  return 0;
}

export async function searchNotes(
  { link, screen }: Context,
  words: readonly string[],
  { limit }: { limit: number },
): Promise<number> {
  const { client } = await link.open();
  const asked = { text: words.join(' '), limit: Math.min(limit, 100) };
  const { hits } = await client.request('note/search', asked);
  for (const hit of hits) screen.data({ hit });
  if (hits.length === 0) screen.print('No note has all of these words.');
  for (const { note, line, snippet } of hits) {
    screen.print(`${oneLine(note.path)}:${line}  ${screen.paint.dim(oneLine(note.title))}`);
    const shown = snippet.map(({ text, hit }) => (hit ? screen.paint.bold(plain(text)) : plain(text)));
    screen.print(`  ${shown.join('').replaceAll(/\s+/g, ' ').trim()}`);
  }
  return 0;
}

export async function dailyNote({ link, screen }: Context, text: string, options: { date?: string }): Promise<number> {
  const { client } = await link.open();
  // The day of the person who types, whatever the server's clock is set to.
  const { note } = await client.request('note/daily', { date: options.date ?? today(new Date()) });
  if (text === '') return showNote({ link, screen } as Context, note.id, {});
  const shown = await client.request('note/show', { note: note.id });
  const lines = `${shown.text.replace(/\n*$/, '\n')}${shown.text.trimEnd().endsWith(`# ${note.title}`) ? '\n' : ''}- ${text}\n`;
  const saved = await client.request('note/save', { path: note.path, text: lines, base: shown.note.version });
  screen.data(saved);
  screen.print(`Written to ${saved.note.path}.`);
  return 0;
}

const today = (now: Date): string =>
  [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');

export async function moveNote({ link, screen }: Context, from: string, to: string): Promise<number> {
  const { client } = await link.open();
  // A folder has no extension, and neither has what people type for a note: the note comes first.
  const isNote = /\.md$/i.test(from) || (await exists(client, noteRef(from)));
  const { moved, rewritten } = await client.request(
    'note/move',
    isNote ? { from: noteRef(from), to: noteRef(to) } : { from, to },
  );
  for (const note of moved) screen.data({ note });
  screen.print(
    `${moved.map(({ path }) => oneLine(path)).join(', ')}; ${plural(rewritten.length, 'other note')} changed.`,
  );
  return 0;
}

async function exists(client: Awaited<ReturnType<Context['link']['open']>>['client'], note: string): Promise<boolean> {
  return client.request('note/versions', { note }).then(
    () => true,
    () => false,
  );
}

export async function removeNote({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { note, text } = await client.request('note/remove', { note: noteRef(ref) });
  screen.data({ note, text });
  screen.print(`${oneLine(note.path)} is removed.`);
  return 0;
}
