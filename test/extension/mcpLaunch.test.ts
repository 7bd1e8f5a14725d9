import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { mcpLaunch } from '../../extension/mcpLaunch.ts';
import { serverFolders } from '../contract/app.ts';

describe('mcpLaunch', { timeout: 60_000 }, () => {
  it('is a server that an editor can start', async () => {
    using folders = serverFolders();
    const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
    const launch = mcpLaunch({ execPath: process.execPath, program, folder: folders.workspace });
    const client = new Client({ name: 'editor', version: '1.0.0' });
    const env = { ...(folders.env as Record<string, string>), ...launch.env };
    await client.connect(new StdioClientTransport({ ...launch, env, stderr: 'inherit' }));
    const { tools } = await client.listTools();
    assert.ok(tools.some(({ name }) => name === 'submit_task'));
    await client.close();
  });
});
