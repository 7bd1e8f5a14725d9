import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Client, NoteConflict, OspainError } from '../protocol/index.ts';
import { noteRef } from './noteCommands.ts';
import type { Context } from './taskCommands.ts';
import { oneLine } from './text.ts';

/** What is edited: a note as it was, or one that is not there yet. */
interface Edited {
  path: string;
  text: string;
  base: number | null;
}

/**
 * Edits a note with the person's own program, in a file that only they can read and that goes afterwards; it stays when
 * its text could not be saved.
 */
export async function editNote({ host, link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const before = await read(client, noteRef(ref));
  const folder = mkdtempSync(join(tmpdir(), 'ospain2-note-'));
  const file = join(folder, basename(before.path));
  writeFileSync(file, before.text, { mode: 0o600 });
  await edit(host.env, file);
  const text = readFileSync(file, 'utf8');
  try {
    if (text !== before.text) {
      const { note } = await save(await reopened(link), { ...before, text });
      screen.data({ note });
      screen.print(`${oneLine(note.path)} is saved.`);
    } else screen.print('Nothing was changed.');
  } catch (thrown) {
    const error = OspainError.from(thrown);
    throw new OspainError(error.code, error.message, { hint: `Your text is kept in ${file}.`, cause: thrown });
  }
  rmSync(folder, { recursive: true, force: true });
  return 0;
}

/** The server that was there may have gone while somebody wrote. */
const reopened = async (link: Context['link']): Promise<Client> => {
  const { client } = await link.open();
  const alive = await client.request('server/status', {}).then(
    () => true,
    () => false,
  );
  return alive ? client : (await link.reopen()).client;
};

async function read(client: Client, path: string): Promise<Edited> {
  try {
    const { note, text } = await client.request('note/show', { note: path });
    return { path: note.path, text, base: note.version };
  } catch (thrown) {
    if (thrown instanceof OspainError && thrown.code === 'not_found') return { path, text: '', base: null };
    throw thrown;
  }
}

/** What others changed meanwhile is merged in where that is possible without a person. */
async function save(client: Client, { path, text, base }: Edited) {
  try {
    return await client.request('note/save', { path, text, base });
  } catch (thrown) {
    const there = thrown instanceof OspainError ? NoteConflict.safeParse(thrown.details) : undefined;
    if (base === null || !there?.success || there.data.text === null) throw thrown;
    const merged = await client.request('note/merge', { note: path, base, text });
    if (!merged.clean) throw thrown;
    return client.request('note/save', { path, text: merged.text, base: merged.version });
  }
}

async function edit(env: NodeJS.ProcessEnv, file: string): Promise<void> {
  const [program, ...args] = (env['VISUAL'] ?? env['EDITOR'] ?? '').split(' ').filter(Boolean);
  if (program === undefined)
    throw new OspainError('unavailable', 'No editor is known.', { hint: 'Set VISUAL or EDITOR to one.' });
  const child = spawn(program, [...args, file], { stdio: 'inherit', env });
  const [code] = (await once(child, 'close').catch((cause: unknown) => {
    throw new OspainError('unavailable', `The editor ${program} could not be started.`, {
      hint: 'VISUAL or EDITOR names it.',
      cause,
    });
  })) as [number | null];
  if (code !== 0) throw new OspainError('cancelled', 'The editor ended with an error: nothing was saved.');
}
