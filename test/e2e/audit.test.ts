import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { AuditEntry, AuditType, MethodName, Params, Result, Task } from '../../protocol/index.ts';
import type { App } from '../../server/app.ts';
import { openApp, serverFolders } from '../contract/app.ts';
import { program } from '../server/mcp/bench.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { installBubblewrap, installPython } from '../support/installPackages.ts';
import { type LoopbackServer, loopbackServer } from '../support/loopback.ts';
import { tempFolder } from '../support/temp.ts';

const SECRET = 'what is said to an MCP server';
const ANSWERS = [
  '{"tool":"run_command","command":"echo hello > made.txt"}',
  `{"tool":"mcp_every_echo"}\n{"message":"${SECRET}"}`,
  '{"tool":"write_file","path":"new.txt"}\nnew text',
  '{"tool":"finish","outcome":"done"}\nIt is done.',
];

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What each thing that a person may want to know of later leaves in the log, done for real. */
describe('the audit log of a server', {
  timeout: 120_000,
  skip: process.platform !== 'linux' && 'it runs a sandbox',
}, () => {
  const folders = serverFolders();
  const models = tempFolder('models');
  let far: LoopbackServer;
  let app: App;
  const ask = async <M extends MethodName>(
    method: M,
    params: Params<M>,
    caller: 'hub' | 'editor' | 'local' = 'local',
  ) => {
    const outcome = await app.dispatch(method, params, { caller });
    assert.ok(outcome.ok, `${method}: ${JSON.stringify(outcome)}`);
    return outcome.result as Result<M>;
  };
  const entries = async (...types: string[]) => (await ask('audit/list', { limit: 200, types })).entries.reverse();
  /** Of one type, with who and what; the details that are named must be as they are named. */
  const expectEntry = async (type: AuditType, expected: Partial<Pick<AuditEntry, 'actor' | 'subject' | 'details'>>) => {
    const found = await entries(type);
    const { details = {}, ...rest } = expected;
    const fits = (entry: AuditEntry) =>
      Object.entries(rest).every(([name, value]) => entry[name as 'actor'] === value) &&
      Object.entries(details).every(([name, value]) => entry.details[name] === value);
    assert.ok(found.some(fits), `${type}: ${JSON.stringify(expected)} is not in ${JSON.stringify(found, null, 1)}`);
  };
  const until = (taskId: string, status: Task['status']) => {
    const { promise, resolve, reject } = Promise.withResolvers<Task>();
    const see = (task: Task) => {
      if (task.id !== taskId) return;
      if (task.status === status) resolve(task);
      else if (['failed', 'cancelled', 'done'].includes(task.status)) reject(new Error(JSON.stringify(task)));
    };
    const stop = app.onNotification(({ method, params }) => {
      if (method === 'task/didChange') see((params as { task: Task }).task);
    });
    void ask('task/show', { taskId }).then(({ task }) => see(task));
    return promise.finally(stop);
  };

  before(async () => {
    await installBubblewrap();
    await installPython();
    far = await loopbackServer((_, response) => response.writeHead(404).end());
    const model = join(models.path, 'acts.gguf');
    writeScriptedModel(model, [{ answers: ANSWERS }], { contextLength: 4096 });
    const { command, args } = program('server-everything');
    writeFileSync(join(folders.workspace, '.mcp.json'), JSON.stringify({ mcpServers: { every: { command, args } } }));
    const env = { ...folders.env, HF_ENDPOINT: far.origin };
    app = await openApp(folders.workspace, env, { models: [model], trust: 'trusted', api: null });
  });
  after(async () => {
    await app.dispose();
    await far[Symbol.asyncDispose]();
    for (const folder of [folders, models]) folder[Symbol.dispose]();
  });

  /** The program that docs/audit.md shows, as a stranger runs it. */
  const verifiedByOthers = (exported: string) => {
    const docs = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    const script = /```python\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
    writeFileSync(join(models.path, 'exported.jsonl'), exported);
    const args = ['-c', script, join(models.path, 'exported.jsonl')];
    return spawnSync('python3', args, { encoding: 'utf8' });
  };

  it('has what a task did, what it was allowed to, and by whom', async () => {
    const { servers } = await ask('mcp/list', {});
    await ask('mcp/allow', { name: 'every', runs: servers[0]?.runs ?? '' }, 'editor');
    await expectEntry('mcp.allowed', { actor: 'editor', subject: 'every', details: { believed: false } });
    const { task } = await ask('task/submit', { kind: 'agent', instruction: 'Do it.' }, 'hub');
    for (const _ of ['the command', 'the call']) {
      const { approval } = await until(task.id, 'paused');
      await ask('approval/answer', { approvalId: approval ?? 0, answer: 'allow' }, 'hub');
    }
    await until(task.id, 'done');
    const actor = `task ${task.number}`;
    const line = 'echo hello > made.txt';
    await expectEntry('approval.asked', { actor, subject: 'run_command', details: { text: sha256(line) } });
    await expectEntry('approval.answered', { actor: 'hub', subject: 'run_command', details: { answer: 'allowed' } });
    await expectEntry('command.begun', { actor, subject: line, details: { sandbox: 'bubblewrap' } });
    await expectEntry('command.ended', { actor, subject: line, details: { ending: 'itself', code: 0 } });
    await expectEntry('mcp.called', {
      ...{ actor, subject: 'every: echo' },
      details: { arguments: sha256(`{"message":"${SECRET}"}`) },
    });
    const [version] = (await ask('model/list', {})).models.filter(({ name }) => name === 'acts');
    await expectEntry('model.loaded', { actor, subject: `acts@${version?.version}` });
    await ask('proposal/accept', { taskId: task.id }, 'editor');
    const written = { task: task.number, before: null, after: sha256('new text\n') };
    await expectEntry('file.written', {
      actor: 'editor',
      subject: 'new.txt',
      details: { ...written, did: 'accepted' },
    });
    await ask('proposal/undo', { taskId: task.id });
    const undone = { task: task.number, before: written.after, after: null, did: 'undone' };
    await expectEntry('file.written', { actor: 'local', subject: 'new.txt', details: undone });
    await ask('mcp/forbid', { name: 'every' });
    await expectEntry('mcp.withdrawn', { subject: 'every' });
    const all = JSON.stringify((await ask('audit/list', { limit: 500 })).entries);
    for (const text of [SECRET, 'new text', 'Do it.']) assert.ok(!all.includes(text), `it holds ${text}`);
  });

  it('has what a person decided: trust, rules, pulls', async () => {
    await ask('server/trust', { trust: 'untrusted' }, 'hub');
    await expectEntry('trust.set', { actor: 'hub', subject: folders.workspace, details: { trust: 'untrusted' } });
    await ask('server/trust', { trust: 'trusted' });
    const rule = { tool: 'run_command', command: 'npm test', does: 'allow' } as const;
    for (const scope of ['workspace', 'user'] as const) {
      await ask('approval/addRule', { rule, scope }, 'hub');
      await expectEntry('rule.added', { actor: 'hub', subject: 'npm test', details: { does: 'allow', scope } });
    }
    await ask('approval/removeRule', { rule });
    const { rules } = await ask('approval/rules', {});
    await ask('approval/forget', { ruleId: rules.find(({ source }) => source === 'workspace')?.ruleId ?? 0 });
    for (const scope of ['workspace', 'user'])
      await expectEntry('rule.removed', { subject: 'npm test', details: { scope } });
    const { promise: failed, resolve: fail } = Promise.withResolvers<void>();
    const stop = app.onNotification(({ method, params }) => {
      if (method === 'pull/didChange' && (params as Result<'pull/show'>).pull.state === 'failed') fail();
    });
    const { pull } = await ask('pull/start', { source: 'hf:some/where:Q4_K_M' });
    await failed;
    stop();
    await expectEntry('pull.asked', { actor: 'local', details: { pull: pull.id } });
    await expectEntry('egress.opened', { subject: far.host });
    await expectEntry('egress.closed', { subject: far.host });
  });

  it('has who came in: the API, its token, the hub', async () => {
    const { api } = await ask('api/start', { port: 0 }, 'editor');
    await expectEntry('api.started', { actor: 'editor', subject: api.url, details: { lan: false } });
    const { tokenFile } = await ask('api/showToken', {});
    await expectEntry('token.shown', { subject: tokenFile });
    await ask('api/rotateToken', {}, 'editor');
    await expectEntry('token.rotated', { actor: 'editor', subject: tokenFile });
    const enter = async (url: string) => (await fetch(url, { redirect: 'manual' })).status;
    const { url } = await ask('hub/open', { serve: false }, 'editor');
    await expectEntry('hub.ticketMade', { actor: 'editor' });
    assert.deepEqual(
      [await enter(url), await enter(url), await enter(`${api.url}/hub/enter?ticket=x`)],
      [303, 403, 403],
    );
    await expectEntry('hub.ticketUsed', { actor: 'hub' });
    for (const why of ['used twice', 'unknown or too old'])
      await expectEntry('hub.ticketRefused', { actor: 'hub', details: { why } });
    await ask('hub/signOut', {}, 'editor');
    await expectEntry('hub.signedOut', { actor: 'editor' });
    await ask('api/stop', {});
    await expectEntry('api.stopped', { actor: 'local' });
  });

  it('has what became of the data, and goes on behind a backup that was restored', async () => {
    const at = (name: string) => join(models.path, name);
    await ask('backup/create', { path: at('a.db') });
    await expectEntry('backup.created', { subject: at('a.db') });
    await ask('backup/export', { path: at('a.jsonl'), confirm: 'plain text' });
    await expectEntry('backup.exported', { subject: at('a.jsonl') });
    await ask('audit/export', { path: at('audit.jsonl'), confirm: 'plain text' });
    await expectEntry('audit.exported', { subject: at('audit.jsonl') });
    const lines = readFileSync(at('audit.jsonl'), 'utf8').split('\n');
    const { status, stdout } = verifiedByOthers(lines.join('\n'));
    assert.deepEqual([status, stdout.match(/^(workspace|user) \d+ [\da-f]{64}$/gm)?.length], [0, 2], stdout);
    const third = lines.findIndex((line) => line.includes('"number":3'));
    for (const [wrong, says] of [
      [lines.with(third, lines[third]?.replace('"subject":"', '"subject":"x') ?? ''), 'entry 3 of workspace is wrong'],
      [lines.toSpliced(third, 1), 'entry 3 of workspace is wrong'],
      [lines.slice(0, -2), 'the end of user is missing'],
    ] as const)
      assert.equal(verifiedByOthers(wrong.join('\n')).stderr.trim(), says);
    await ask('backup/restore', { path: at('a.db') });
    await expectEntry('backup.restored', { actor: 'local', subject: at('a.db') });
    assert.deepEqual(await entries('backup.created', 'backup.exported', 'audit.exported'), [], 'the backup is older');
    const started = await entries('server');
    assert.deepEqual(
      started.map(({ type, log }) => [type, log]),
      [
        ['server.started', 'user'],
        ['server.stopped', 'user'],
        ['server.started', 'user'],
      ],
    );
    assert.deepEqual((await entries('backup.restored')).map(({ log }) => log).sort(), ['user', 'workspace']);
    const { logs } = await ask('audit/verify', {});
    assert.deepEqual(
      logs.map(({ log, broken }) => [log, broken]),
      [
        ['workspace', null],
        ['user', null],
      ],
    );
    await ask('audit/prune', { before: Date.now() + 60_000 });
    await expectEntry('audit.pruned', { actor: 'local' });
    assert.ok((await ask('audit/verify', {})).logs.every(({ broken }) => broken === null));
  });
});
