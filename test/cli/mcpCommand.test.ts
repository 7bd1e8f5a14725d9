import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { SERVER_PROGRAM, serverFolders } from '../contract/app.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** A client of `ospain2 mcp`, as a program of somebody else's would be. */
async function startClient({ workspace, env }: ReturnType<typeof serverFolders>, args: string[] = [], pin = '') {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, '--workspace', workspace, 'mcp', ...args],
    env: env as Record<string, string>,
    stderr: 'inherit',
  });
  const options = pin === '' ? {} : { versionNegotiation: { mode: { pin } } };
  const client = new Client({ name: 'test', version: '1.0.0' }, options);
  await client.connect(transport);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

const text = ({ content }: { content?: unknown }) => (content as { text: string }[])[0]?.text ?? '';

describe('ospain2 mcp', { timeout: 120_000 }, () => {
  it('offers the notes of the workspace, and writes over none', async () => {
    using folders = serverFolders();
    await using client = await startClient(folders);
    const call = async (name: string, args: Record<string, unknown>) =>
      text(await client.callTool({ name, arguments: args }));
    const add = (content: string) => call('add_note', { path: 'work/idea.md', text: content });
    assert.equal(await add('# Idea\n\nA harvester. #farm\n'), 'work/idea.md is there.');
    assert.match(await add('other'), /^conflict: /);
    await call('add_note', { path: 'log.md', text: '[[idea]]' });
    assert.equal(await call('search_notes', { text: 'harvest' }), 'work/idea.md:3 Idea\n  # Idea A harvester. #farm ');
    assert.equal(await call('list_notes', { tag: 'farm' }), 'work/idea.md  Idea  #farm\n1 of 1.');
    assert.equal(
      await call('read_note', { path: 'work/idea.md' }),
      '# Idea\n\nA harvester. #farm\n\n\nLinked from: log.md:1',
    );
    assert.match(await call('read_note', { path: '../../etc/passwd' }), /^not_found: /);
    assert.match(await call('add_note', { path: '../x.md', text: '' }), /^path_outside: /);
  });

  it('works a task for a program, which may look at its edits and not accept them', async () => {
    using folders = serverFolders();
    await using client = await startClient(folders);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    assert.ok(names.includes('show_proposal') && !names.includes('accept_proposal'), names.join());
    const found = await client.callTool({ name: 'search_text', arguments: { text: 'RETRY_MAX = ' } });
    assert.match(text(found), /^src\/limits\.ts:\d+: export const RETRY_MAX = 3/m);
    const outside = await client.callTool({ name: 'search_text', arguments: { text: 'root', path: '../../etc' } });
    assert.equal(outside.isError, true);
    const told: string[] = [];
    const instruction = 'Change RETRY_MAX to 5 in src/limits.ts';
    const done = await client.callTool(
      { name: 'submit_task', arguments: { instruction, wait: true } },
      { onprogress: ({ message = '' }) => void told.push(message) },
    );
    assert.match(text(done), /is done\.\nIts edits are not on disk: they wait for a person/);
    assert.ok(told.length > 1, told.join());
    assert.match(text(await client.callTool({ name: 'show_proposal', arguments: { task: 1 } })), /^\+.*RETRY_MAX = 5/m);
    const [diff] = (await client.readResource({ uri: 'ospain2://tasks/1/proposal' })).contents;
    assert.ok(diff && 'text' in diff && diff.text.includes('+export const RETRY_MAX = 5'));
    const { messages } = await client.getPrompt({ name: 'review_proposal', arguments: { task: '1' } });
    assert.match(
      String(messages[0]?.content.type === 'text' && messages[0].content.text),
      /What was asked:\nChange RETRY_MAX/,
    );
    const [models] = (await client.readResource({ uri: 'ospain2://models' })).contents;
    assert.ok(models && 'text' in models && !models.text.includes('"artifact"'), 'no path of this machine');
  });

  it('lets a program decide when a person started it so, also a newer one', async () => {
    using folders = serverFolders();
    await using client = await startClient(folders, ['--allow-decisions'], '2026-07-28');
    const limits = () => readFileSync(join(folders.workspace, 'src/limits.ts'), 'utf8');
    const before = limits();
    const call = (name: string, args: object) => client.callTool({ name, arguments: { ...args } });
    await call('submit_task', { instruction: 'Change RETRY_MAX to 5 in src/limits.ts', wait: true });
    assert.equal(limits(), before);
    assert.match(text(await call('accept_proposal', { task: 1 })), /src\/limits\.ts are on disk/);
    assert.notEqual(limits(), before);
    await call('undo_proposal', { task: 1 });
    assert.equal(limits(), before);
  });

  it('goes on with another server when the one that it found is gone', async () => {
    using folders = serverFolders();
    const args = [SERVER_PROGRAM, '--headless', '--workspace', folders.workspace, '--settings', '{"threads":1}'];
    const server = spawn(process.execPath, args, { env: folders.env, stdio: ['pipe', 'pipe', 'inherit'] });
    await once(createInterface({ input: server.stdout }), 'line');
    await using client = await startClient(folders);
    const heard = Promise.withResolvers<string>();
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => heard.resolve(params.uri));
    await client.subscribeResource({ uri: 'ospain2://tasks/1' });
    server.kill('SIGKILL');
    await once(server, 'exit');
    const names = await client.callTool({ name: 'list_tasks', arguments: {} }).catch((thrown: Error) => thrown.message);
    assert.match(typeof names === 'string' ? names : text(names), /There are none|The server went away/);
    await client.callTool({ name: 'submit_task', arguments: { instruction: 'What is here?', kind: 'ask' } });
    assert.equal(await heard.promise, 'ospain2://tasks/1', 'the subscription holds with the next server');
  });

  it('ends with the reason when there can be no server', async () => {
    using folders = serverFolders();
    const args = [PROGRAM, '--workspace', join(folders.workspace, 'nowhere'), 'mcp'];
    const child = spawn(process.execPath, args, { env: folders.env, stdio: ['pipe', 'pipe', 'pipe'] });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      words += chunk;
    });
    const [code] = await once(child, 'close');
    assert.deepEqual([code, words.split(':')[0]], [3, 'error[not_found]']);
  });
});
