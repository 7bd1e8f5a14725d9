import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { McpServer } from '../../protocol/mcp.ts';
import { oneToolServer } from '../support/oneToolServer.ts';
import { api, extension, writeInFolder } from './product.ts';

describe('MCP servers', function () {
  this.timeout(120_000);
  const ask = (name: string, wish: string) =>
    vscode.commands.executeCommand<McpServer | undefined>('ospain2.mcp.servers', name, wish);

  it('of the folder show their tools and their log when a person agreed', async () => {
    const program = await writeInFolder('one-server.cjs', oneToolServer({ name: 'weather', description: 'Tells it.' }));
    const one = { command: process.execPath, args: [program], env: { ELECTRON_RUN_AS_NODE: '1' } };
    await writeInFolder('.vscode/mcp.json', JSON.stringify({ servers: { one } }));
    const client = await (await api()).connect();
    const { servers } = await client.request('mcp/list', {});
    assert.equal(servers[0]?.state, 'unasked');
    assert.equal(await ask('one', 'restart'), undefined, 'nobody agreed yet');
    await client.request('mcp/allow', { name: 'one', runs: servers[0].runs });
    assert.equal((await ask('one', 'restart'))?.state, 'ready');
    const shown = () => vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(shown(), /weather: Tells it\./);
    await ask('one', 'log');
    assert.match(shown(), /it was greeted/);
    assert.equal((await ask('one', 'forbid'))?.state, 'unasked');
  });

  it('are not the only direction: the product is one for VS Code', () => {
    const { contributes } = extension().packageJSON as { contributes: Record<string, { id: string }[]> };
    assert.deepEqual(
      contributes['mcpServerDefinitionProviders']?.map(({ id }) => id),
      ['ospain2'],
    );
    assert.equal(typeof vscode.lm.registerMcpServerDefinitionProvider, 'function');
  });
});
