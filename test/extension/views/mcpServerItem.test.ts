import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mcpServerLine, mcpServerLook } from '../../../extension/views/mcpServerItem.ts';
import type { McpServer } from '../../../protocol/mcp.ts';

const server: McpServer = {
  ...{
    name: 'files',
    source: 'workspace',
    file: '/w/.mcp.json',
    runs: 'npx files',
    remote: false,
    needsAgreement: true,
  },
  ...{ state: 'unasked', why: null, tools: [], leftOut: [], believed: false },
};

describe('an MCP server', () => {
  it('is shown with its state, and where it came from', () => {
    assert.deepEqual(mcpServerLook(server), {
      label: '$(question) files',
      description: 'waits for your agreement · from the folder',
      detail: 'npx files',
    });
    const tools = [{ name: 'a', does: 'b', readOnly: false, destructive: false }];
    const far = mcpServerLook({ ...server, source: 'user', remote: true, state: 'ready', tools });
    assert.equal(far.description, 'ready · 1 tool · another machine');
  });

  it('shows no icon of its own, and stays on its line', () => {
    const look = mcpServerLook({ ...server, name: '$(trusted)', state: 'failed', why: 'It\nended.' });
    assert.deepEqual([look.label, look.detail], ['$(error) $ (trusted)', 'It ended.']);
    assert.equal(mcpServerLine({ ...server, state: 'failed', why: 'It\n- lied' }), '- files: failed, It - lied');
  });
});
