import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Api, NotificationParams, ServerStatus } from '../../protocol/index.ts';
import type { App } from '../../server/app.ts';
import { openApp, serverFolders } from '../contract/app.ts';

/** The result of a request that succeeds. */
async function ask<T>(app: App, method: string, params: object = {}): Promise<T> {
  const outcome = await app.dispatch(method, params);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.result as T;
}
const shown = async (app: App) => (await ask<{ api: Api | null }>(app, 'api/show')).api;
const warnings = async (app: App) =>
  (await ask<ServerStatus>(app, 'server/status')).warnings.filter((warning) => warning.includes('API'));

describe('the API of a server', { timeout: 60_000 }, () => {
  it('is there from the start when the settings say so, and only then', async () => {
    using folders = serverFolders();
    const quiet = await openApp(folders.workspace, folders.env);
    assert.equal(await shown(quiet), null);
    const app = await openApp(folders.workspace, folders.env, { api: { port: 0 } });
    const api = await shown(app);
    assert.ok(api !== null && !api.lan);
    assert.equal((await fetch(`${api.url}/health`)).status, 200);
    await app.dispose();
    await assert.rejects(fetch(`${api.url}/health`), 'it ends with its server');
    await quiet.dispose();
  });

  it('that cannot be had is a warning, until it is had', async () => {
    using folders = serverFolders();
    const first = await openApp(folders.workspace, folders.env, { api: { port: 0 } });
    const port = (await shown(first))?.port ?? 0;
    const second = await openApp(folders.workspace, folders.env, { api: { port } });
    assert.equal(await shown(second), null);
    assert.deepEqual(await warnings(second), [`The API is not served: Port ${port} is taken by another program.`]);
    const told: NotificationParams<'api/didChange'>[] = [];
    second.onNotification(({ method, params }) => {
      if (method === 'api/didChange') told.push(params as NotificationParams<'api/didChange'>);
    });
    await first.dispose();
    const { api } = await ask<{ api: Api }>(second, 'api/start', { port });
    assert.equal(api.port, port);
    assert.deepEqual([await warnings(second), told], [[], [{ api }]]);
    await second.dispose();
  });

  it('goes on while the database is exchanged, and has one token for all workspaces', async () => {
    using folders = serverFolders();
    using others = serverFolders();
    const env = { ...others.env, OSPAIN2_DATA_DIR: folders.env['OSPAIN2_DATA_DIR'] };
    const app = await openApp(folders.workspace, folders.env, { api: { port: 0 } });
    const other = await openApp(others.workspace, env, { api: { port: 0 } });
    const apis = [await shown(app), await shown(other)];
    assert.equal(apis[0]?.tokenFile, apis[1]?.tokenFile);
    const token = () => readFileSync(apis[0]?.tokenFile ?? '', 'utf8').trim();
    const models = async (authorization: string) =>
      Promise.all(
        apis.map(async (api) => (await fetch(`${api?.url}/v1/models`, { headers: { authorization } })).status),
      );
    const old = `Bearer ${token()}`;
    const path = join(folders.workspace, 'backup.db');
    await ask(app, 'backup/create', { path });
    await ask(app, 'backup/restore', { path });
    assert.deepEqual(await models(old), [200, 200]);
    await ask(other, 'api/rotateToken');
    assert.deepEqual(await models(old), [401, 401]);
    assert.deepEqual(await models(`Bearer ${token()}`), [200, 200]);
    await Promise.all([app.dispose(), other.dispose()]);
  });
});
