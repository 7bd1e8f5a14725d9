import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderForm } from '../../../../server/agents/format.ts';
import { createMcpTools } from '../../../../server/agents/tools/mcpTools.ts';
import { toolsOf } from '../../../../server/agents/tools/toolSet.ts';
import type { OfferedTool } from '../../../../server/mcp/servers.ts';
import { hostile, openMcpBench, program } from '../../mcp/bench.ts';
import { openToolBench } from '../toolBench.ts';
import { openWorkbench, scripted } from '../workbench.ts';

const offered = (name: string, schema: object, more: Partial<OfferedTool> = {}): OfferedTool => ({
  ...{ name, server: 'My Server', does: 'Does it.', readOnly: false, destructive: false, onlyReads: false },
  schema: { type: 'object', ...schema },
  ...more,
});

const tools = (...all: OfferedTool[]) =>
  createMcpTools({
    tools: async () => all,
    call: async (server, tool, args) => ({ ok: true, text: `${server} ${tool} ${JSON.stringify(args)}` }),
  });

describe('the tools of MCP servers', { timeout: 60_000 }, () => {
  it('are shown with what they need and nothing more', async () => {
    const [tool] = await tools(
      offered('Get-Weather', {
        properties: {
          city: { type: 'string' },
          unit: { enum: ['C', 'F'] },
          days: { type: 'integer' },
          at: { type: 'object', required: ['lat'], properties: { lat: { type: 'number' } } },
          fast: { type: 'boolean' },
          'odd field\n{': { type: 'string' },
        },
        required: ['city', 'unit', 'days', 'at'],
      }),
    );
    assert.ok(tool);
    assert.equal(
      renderForm(tool),
      '{"tool":"mcp_my_server_get_weather"}\n{"city":"text","unit":"C","days":1,"at":{"lat":1}}\nDoes it. It may have fast.',
    );
    assert.deepEqual([tool.family, tool.effect], ['my_server', 'act']);
  });

  it('act, unless a person believes the server that they only read; so a plan has none of the others', async () => {
    const also = await tools(offered('wipe', {}), offered('look', {}, { onlyReads: true }));
    assert.deepEqual(
      also.map(({ effect }) => effect),
      ['act', 'look'],
    );
    const { further } = toolsOf('full', { mode: 'plan', also });
    const names = further.filter(({ family }) => family === 'my_server').map(({ name }) => name);
    assert.deepEqual(names, ['mcp_my_server_look']);
  });

  it('have names of their own, whatever servers call them', async () => {
    const all = await tools(offered('a b', {}), offered('a-b', {}), offered('ünï', {}), offered('x'.repeat(128), {}));
    const names = all.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 3), ['mcp_my_server_a_b', 'mcp_my_server_a_b_2', 'mcp_my_server_n']);
    assert.ok(
      names.every((name) => /^[a-z0-9_]{1,64}$/.test(name)),
      names.join(),
    );
  });

  it('are not asked with arguments that their schema does not allow', async () => {
    const properties = { n: { type: 'integer', minimum: 1 }, s: { type: 'string', pattern: '^(a+)+$' } };
    const also = await tools(offered('count', { properties, required: ['n'] }));
    using bench = openToolBench({}, toolsOf('full', { mode: 'act', also }));
    const tool = 'mcp_my_server_count';
    assert.equal(await bench.refused({ tool, body: {} }), 'count needs "n"');
    assert.match(await bench.refused({ tool, body: { n: 0 } }), /^count: .*n must be >= 1/);
    assert.match(await bench.refused({ tool, body: { n: 'x' } }), /must be integer/);
    // A pattern of a stranger's is not run here: this one would take for ever.
    const s = `${'a'.repeat(60)}b`;
    assert.equal(await bench.told({ tool, body: { n: 1, s } }), `My Server count {"n":1,"s":"${s}"}`);
  });

  it('answer no more than there is room for', async () => {
    await using mcp = await openMcpBench({ user: { bad: hostile('long') } });
    const also = await createMcpTools(mcp.servers);
    using bench = openToolBench({}, toolsOf('full', { mode: 'act', also }));
    const { ok, text } = await bench.run({ tool: 'mcp_bad_echo', body: { text: 'x' } }, { room: 1000 });
    assert.deepEqual([ok, text.length, text.endsWith('the rest does not fit here')], [true, 1000, true]);
  });

  it('are found by their family, and used by a task', async () => {
    await using mcp = await openMcpBench({ user: { everything: program('server-everything') } });
    await mcp.servers.tools();
    mcp.allow('everything', { believed: true });
    await using bench = await openWorkbench({ 'a.txt': 'a' }, { also: await createMcpTools(mcp.servers) });
    const engine = scripted([
      '{"tool":"more_tools","family":"everything"}',
      '{"tool":"mcp_everything_echo"}\n{"message":"from a task"}',
      '{"tool":"finish","outcome":"done"}\nIt echoed.',
    ]);
    const { task, events } = await bench.run(engine, { kind: 'agent', instruction: 'Ask the server.' });
    assert.equal(task.status, 'done', task.waits ?? '');
    const system = engine.heard[0]?.system ?? '';
    assert.equal(system.match(/everything/g)?.length, 1, 'the family, and nothing of its tools');
    const shown = engine.heard[1]?.turns.at(-1)?.text ?? '';
    assert.match(shown, /\{"tool":"mcp_everything_echo"\}\n\{"message":"text"\}\nEchoes back/);
    assert.equal(engine.heard[2]?.turns.at(-1)?.text, 'result:\nEcho: from a task');
    const calls = events.flatMap(({ type, data }) => (type === 'call' && 'summary' in data ? [data.summary] : []));
    assert.equal(calls[1], 'everything: echo {"message":"from a task"}');
  });

  it('wait for a person at every level when their server says that they may destroy something', async () => {
    await using mcp = await openMcpBench({ user: { theirs: hostile('destroys') } });
    await using bench = await openWorkbench({ 'a.txt': 'a' }, { also: await createMcpTools(mcp.servers) });
    const answers = [
      '{"tool":"mcp_theirs_echo"}\n{"text":"x"}',
      '{"tool":"mcp_theirs_erase"}',
      '{"tool":"finish","outcome":"done"}\nIt is gone.',
    ];
    const run = () =>
      bench.run(scripted(answers), { kind: 'agent', instruction: 'Ask it.', autoAccept: 'allButDestructive' });
    const { task } = await run();
    assert.equal(task.status, 'paused');
    assert.match(task.waits ?? '', /your approval: theirs: erase \{\}/, 'echo was run');
  });

  it('wait for a person when they may act, and are not run before', async () => {
    await using mcp = await openMcpBench({ user: { theirs: hostile('lies') } });
    await using bench = await openWorkbench({ 'a.txt': 'a' }, { also: await createMcpTools(mcp.servers) });
    const engine = scripted(['{"tool":"mcp_theirs_echo"}\n{"text":"x"}']);
    const { task } = await bench.run(engine, { kind: 'agent', instruction: 'Ask the server.' });
    assert.equal(task.status, 'paused');
    assert.match(task.waits ?? '', /your approval: theirs: echo \{"text":"x"\}/);
  });
});
