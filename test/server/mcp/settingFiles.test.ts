import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMcpBench } from './bench.ts';

const variable = (name: string) => `\${${name}}`;
const names = ({ servers }: { servers: { name: string }[] }) => servers.map(({ name }) => name);

describe('the files of MCP servers', () => {
  it('are read as VS Code, Claude and others write them', async () => {
    await using bench = await openMcpBench({
      user: { mine: { command: 'run me', args: ['--at', 'http://x'] } },
      files: {
        '.vscode/mcp.json': `{
          // With comments, as VS Code has them.
          "inputs": [],
          "servers": {
            "local": { "type": "stdio", "command": "node", "args": ["\${workspaceFolder}/a.js"], "env": { "A": "b c" } },
            "web": { "type": "http", "url": "http://127.0.0.1:3000/mcp", "headers": { "X": "y" } },
          },
        }`,
        '.mcp.json': {
          mcpServers: { claude: { command: 'npx', args: ['-y', 'thing'] }, off: { command: 'x', disabled: true } },
        },
      },
    });
    const listed = bench.servers.list();
    assert.deepEqual(listed.problems, []);
    assert.deepEqual(
      listed.servers.map(({ name, source, runs, remote, state }) => [name, source, runs, remote, state]),
      [
        ['mine', 'user', '"run me" --at http://x', false, 'idle'],
        ['local', 'workspace', `node "${variable('workspaceFolder')}/a.js" A="b c"`, false, 'unasked'],
        ['web', 'workspace', 'http://127.0.0.1:3000/mcp X=y', false, 'unasked'],
        ['claude', 'workspace', 'npx -y thing', false, 'unasked'],
      ],
    );
  });

  it('hurt nothing but themselves when they are wrong', async () => {
    await using bench = await openMcpBench({
      user: {
        asks: { command: 'x', env: { KEY: variable('input:key') } },
        lacks: { command: variable('env:NO_SUCH_VARIABLE') },
        odd: { command: variable('odd thing') },
        sse: { type: 'sse', url: 'https://example.com/sse' },
        socket: { type: 'ws', url: 'ws://example.com' },
        nowhere: { url: 'not an address' },
        empty: {},
        file: { command: 'x', envFile: '.env' },
        list: [],
        'a\nb': { command: 'x' },
        good: { command: 'x', args: [variable('NO_SUCH_VARIABLE:-else'), variable('userHome')] },
      },
      files: {
        '.vscode/mcp.json': '{ "servers": {',
        '.mcp.json': { mcpServers: { good: { command: 'y' }, seven: 7 } },
      },
    });
    const { servers, problems } = bench.servers.list();
    assert.deepEqual(names({ servers }), ['good']);
    const why = Object.fromEntries(problems.map(({ name, why: words }) => [name ?? '(file)', words]));
    assert.match(why['asks'] ?? '', /asks for \$\{input:key\}, which only VS Code can ask for/);
    assert.equal(why['lacks'], 'the environment has no NO_SUCH_VARIABLE');
    assert.match(why['odd'] ?? '', /is not known here/);
    assert.match(why['sse'] ?? '', /older kind/);
    assert.match(why['socket'] ?? '', /no type "ws"/);
    assert.match(why['nowhere'] ?? '', /no web address/);
    assert.match(why['file'] ?? '', /"env" instead/);
    assert.match(why['(file)'] ?? '', /no JSON in line 1/);
    for (const name of ['empty', 'list', 'seven']) assert.ok(why[name], name);
    assert.match(problems.find(({ name }) => name === 'good')?.why ?? '', /has one of this name, which counts/);
    assert.equal(problems.length, 13);
  });

  it('of a folder that is not trusted do not count', async () => {
    const files = { '.mcp.json': { mcpServers: { theirs: { command: 'x' } } }, '.vscode/mcp.json': '{' };
    await using bench = await openMcpBench({ user: { mine: { command: 'x' } }, files, trusted: false });
    assert.deepEqual([names(bench.servers.list()), bench.servers.list().problems], [['mine'], []]);
  });

  it('may be no files, or too large', async () => {
    await using bench = await openMcpBench({
      files: { '.mcp.json/x': '', '.vscode/mcp.json': `"${'x'.repeat(1_100_000)}"` },
    });
    assert.deepEqual(
      bench.servers.list().problems.map(({ why }) => why),
      ['it cannot be read, or is no file of a sensible size', 'it cannot be read, or is no file of a sensible size'],
    );
  });
});
