import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { KeptKind, MethodName, Params, Privacy, Result } from '../../../protocol/index.ts';
import type { App } from '../../../server/app.ts';
import { openApp, serverFolders } from '../../contract/app.ts';
import { loopbackServer } from '../../support/loopback.ts';

describe('what a server says of a person’s privacy', { timeout: 60_000 }, () => {
  let folders: ReturnType<typeof serverFolders>;
  let app: App;
  const ask = async <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> => {
    const answer = await app.dispatch(method, params);
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.result as Result<M>;
  };
  const show = () => ask('privacy/show', {});
  const of = ({ kept }: Privacy, kind: KeptKind) => kept.filter((one) => one.kind === kind);
  const dataFolder = () => folders.env['OSPAIN2_DATA_DIR'] ?? '';

  before(async () => {
    folders = serverFolders();
    app = await openApp(folders.workspace, folders.env, { retentionDays: 7, retentionMb: 50, parkedMb: 3 });
  });
  after(async () => {
    await app.dispose();
    folders[Symbol.dispose]();
  });

  it('nothing has left, and keys lie where it says', async () => {
    const { egress, keys, retention, trust } = await show();
    assert.deepEqual(egress, { connections: 0, sent: 0, received: 0, lastAt: null });
    assert.deepEqual(retention, { days: 7, databaseBytes: 50e6, parkedBytes: 3e6 });
    assert.equal(trust, 'assumed');
    assert.deepEqual(
      keys.map(({ of, store, file }) => [of, store, file !== null && existsSync(file)]),
      [
        ['workspace', 'file', true],
        ['models', 'file', true],
      ],
    );
  });

  it('counts what is kept, and says what is readable without the key', async () => {
    const before = await show();
    await ask('task/submit', { kind: 'ask', instruction: 'What is this?' });
    await ask('note/save', { path: 'a.md', text: '# A\n', base: null });
    await ask('schedule/create', { when: { cron: '0 2 1 1 *' }, template: { instruction: 'Tidy up.' } });
    const rules = join(dataFolder(), 'approvals.json');
    writeFileSync(rules, '{"rules": []}\n');
    const shown = await show();
    const [database] = of(shown, 'database');
    assert.deepEqual(database?.counts, { tasks: 1, notes: 1, items: 0, schedules: 1 });
    assert.ok((database?.bytes ?? 0) > (of(before, 'database')[0]?.bytes ?? 0));
    assert.deepEqual(
      of(shown, 'yours').map(({ path, bytes, encrypted }) => [path, bytes, encrypted]),
      [[rules, 14, false]],
    );
    assert.deepEqual(
      shown.kept.filter(({ encrypted }) => !encrypted).map(({ kind }) => kind),
      ['models', 'pulls', 'yours'],
    );
    assert.ok(shown.kept.every(({ path }) => path.startsWith(dataFolder())));
  });

  it('counts what went out and came in, once a connection', async () => {
    await using site = await loopbackServer((_request, response) => response.writeHead(404).end('nothing here'));
    const { pull } = await ask('pull/start', { source: `${site.origin}/model.gguf` });
    const ended = async () => ['failed', 'done'].includes((await ask('pull/show', { pullId: pull.id })).pull.state);
    while (!(await ended())) await new Promise(setImmediate);
    const { entries } = await ask('egress/list', {});
    const { egress } = await show();
    const sum = (key: 'sent' | 'received') => entries.reduce((all, entry) => all + (entry[key] ?? 0), 0);
    assert.ok(egress.connections > 0 && egress.sent > 0);
    assert.deepEqual(egress, {
      ...{ connections: entries.length, sent: sum('sent'), received: sum('received') },
      lastAt: entries[0]?.at,
    });
  });

  it('tells the database that a restored one took the place of', async () => {
    const path = join(folders.workspace, 'backup.db');
    await ask('backup/create', { path });
    const { kept } = await ask('backup/restore', { path });
    const replaced = of(await show(), 'replaced');
    assert.deepEqual(
      replaced.map(({ path, encrypted, bytes }) => [path, encrypted, bytes > 0]),
      [[kept, true, true]],
    );
  });
});
