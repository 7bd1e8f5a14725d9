import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Client, Suggestion } from '../../protocol/index.ts';
import { ended, startServer } from '../support/server.ts';
import { tempFolder } from '../support/temp.ts';

const PATH = 'daily/2026-11-23.md';
const NOTE =
  '# Monday\n\nThe crash of the parser is back.\n\n- [ ] Set RETRY_MAX to 5 in src/limits.ts\n- [ ] fix the broken sidebar tomorrow\n';

/** Resolves with a suggestion that is not being made any more. */
async function made(client: Client, { id }: Suggestion): Promise<Suggestion> {
  const { promise, resolve } = Promise.withResolvers<Suggestion>();
  const take = (suggestion: Suggestion) => {
    if (suggestion.id === id && suggestion.status !== 'asked') resolve(suggestion);
  };
  const stop = client.on('suggestion/didChange', ({ suggestion }) => take(suggestion));
  take((await client.request('suggestion/show', { suggestionId: id })).suggestion);
  return promise.finally(stop);
}

/** Resolves when a note is so. */
async function untilNote(client: Client, path: string, holds: (text: string) => boolean): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const look = async () => {
    const { text } = await client.request('note/show', { note: path });
    if (holds(text)) resolve(text);
  };
  // One that is on its way when the server ends fails, which is nothing once the note was seen to be so.
  const stop = client.on('note/didChange', ({ note }) => {
    if (note.path === path) void look().catch(reject);
  });
  await look();
  return promise.finally(stop);
}

/** The built server and the model that ships. */
describe('from a note to a change that is done, and back', { timeout: 300_000 }, () => {
  it('suggests, plans, works, and ticks the box when the edits are accepted; also after a kill', async () => {
    using folder = tempFolder('path');
    const [workspace, data] = [join(folder.path, 'workspace'), join(folder.path, 'data')];
    const limits = join(workspace, 'src', 'limits.ts');
    mkdirSync(join(workspace, 'src'), { recursive: true });
    writeFileSync(limits, 'export const RETRY_MAX = 3;\n');
    let server = await startServer({ workspace, data });
    let { client } = server;
    try {
      const { note } = await client.request('note/save', { path: PATH, text: NOTE, base: null });

      const asked = await client.request('suggestion/ask', { about: 'tags', of: { note: note.id } });
      const tags = await made(client, asked.suggestion);
      assert.deepEqual(
        tags.parts.map(({ text }) => text),
        ['bug'],
      );
      await client.request('suggestion/accept', { suggestionId: tags.id });
      assert.deepEqual((await client.request('note/show', { note: PATH })).tags, ['bug']);

      const when = await client.request('suggestion/ask', { about: 'horizon', of: { note: PATH } });
      const planned = await client.request('suggestion/accept', {
        suggestionId: (await made(client, when.suggestion)).id,
      });
      const [sidebar = ''] = planned.items;
      const { item: other } = await client.request('item/show', { itemId: sidebar });
      assert.deepEqual([other.title, other.horizon, other.tags], ['fix the broken sidebar tomorrow', 'next', ['bug']]);

      const marked = await client.request('note/mark', { note: PATH, line: 8 });
      const { item } = await client.request('item/add', {
        title: marked.box.text,
        horizon: 'now',
        noteId: note.id,
        box: marked.box.id,
      });
      const { task } = await client.request('item/start', { itemId: item.id });
      assert.equal((await ended(client, task.id)).proposal, 'open');
      assert.equal((await client.request('item/show', { itemId: item.id })).item.tasks[0]?.status, 'done');

      await server.kill();
      server = await startServer({ workspace, data });
      client = server.client;
      await client.request('proposal/accept', { taskId: task.id });
      assert.equal(readFileSync(limits, 'utf8'), 'export const RETRY_MAX = 5;\n');
      const text = await untilNote(client, PATH, (now) => now.includes('[x]'));
      assert.match(
        text,
        /\n- \[x\] Set RETRY_MAX to 5 in src\/limits\.ts \^\w+\n- \[ \] fix the broken sidebar tomorrow \^\w+\n/,
      );
      const { item: done } = await client.request('item/show', { itemId: item.id });
      assert.deepEqual([done.doneBy, done.doneAt !== null], [task.id, true]);

      await client.request('proposal/undo', { taskId: task.id });
      assert.equal(readFileSync(limits, 'utf8'), 'export const RETRY_MAX = 3;\n');
      await untilNote(client, PATH, (now) => !now.includes('[x]'));
    } finally {
      await server[Symbol.asyncDispose]();
    }
  });
});
