import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ownWorkspace } from './command.ts';

const EVERYTHING = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));

const { cwd, cli } = ownWorkspace();
const mcp = (...args: string[]) => cli(['mcp', ...args]);

describe('ospain2 mcp servers', { timeout: 120_000 }, () => {
  it('says where to write them down', async () => {
    const { code, out } = await mcp('servers');
    assert.equal(code, 0);
    assert.match(out, /There are no MCP servers for agents here\. Yours go into .*mcp\.json\n/);
  });

  it('lets a person agree to what came with the folder, and not by accident', async () => {
    const everything = { command: process.execPath, args: [EVERYTHING] };
    const odd = { command: 'x', env: { A: `\${input:a}` } };
    writeFileSync(join(cwd, '.mcp.json'), JSON.stringify({ mcpServers: { everything, odd } }));
    const before = await mcp('servers');
    assert.match(before.out, /^everything +unasked +the folder +\S*node \S+server-everything\S+index\.js/m);
    assert.match(before.err, /"odd": it asks for \$\{input:a\}/);
    const refused = await mcp('restart', 'everything');
    assert.match(refused.err, /^error\[forbidden\]: Nobody agreed yet/);
    const unasked = await mcp('allow', 'everything');
    assert.match(
      unasked.err,
      /is: .*server-everything.*\nIt runs as you do: [\s\S]*error\[invalid_params\]: This asks first/,
    );
    const allowed = await mcp('allow', 'everything', '--yes', '--believe');
    assert.equal(allowed.code, 0, allowed.err);
    const started = await cli(['--json', 'mcp', 'restart', 'everything']);
    const { server } = JSON.parse(started.out) as { server: { state: string; believed: boolean; tools: unknown[] } };
    assert.deepEqual([server.state, server.believed, server.tools.length > 5], ['ready', true, true]);
    assert.match((await mcp('servers')).out, /^everything +idle +\d+ +the folder/m);
    assert.equal((await mcp('forbid', 'everything')).code, 0);
    assert.match((await mcp('servers')).out, /^everything +unasked/m);
    assert.match((await mcp('log', 'nobody')).err, /^error\[not_found\]/);
  });
});
