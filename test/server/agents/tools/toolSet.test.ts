import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderForm } from '../../../../server/agents/format.ts';
import { defineTool, right, type Tool } from '../../../../server/agents/tools/tool.ts';
import { formsInSight, formsOf, type Situation, toolNamed, toolsOf } from '../../../../server/agents/tools/toolSet.ts';
import type { Effect } from '../../../../server/approvals/decide.ts';
import { openToolBench } from '../toolBench.ts';

const tool = (name: string, effect: Effect, family: string): Tool =>
  defineTool({
    name,
    header: { what: 'text' },
    body: 'none',
    example: { what: 'x' },
    does: `does ${name}.`,
    effect,
    family,
    words: () => ({ doing: name, what: name }),
    run: ({ what }) => right(`${name} ${what}`),
  });
const run = tool('run_command', 'act', 'commands');
const many = Array.from({ length: 40 }, (_, n) => tool(`shop_${n}`, 'act', 'shop'));

const inSight = (situation?: Situation) => formsInSight(toolsOf('full', situation)).map(({ name }) => name);

describe('the tools of a task', () => {
  it('are six at most in sight, what is needed most among them', () => {
    assert.deepEqual(inSight(), ['list_files', 'search_text', 'read_file', 'edit_file', 'more_tools', 'finish']);
    assert.deepEqual(inSight({ mode: 'act', also: [run, ...many] }), [
      'search_text',
      'read_file',
      'edit_file',
      'run_command',
      'more_tools',
      'finish',
    ]);
    assert.deepEqual(inSight({ mode: 'plan', also: [run, ...many] }), [
      'list_files',
      'search_text',
      'read_file',
      'find_symbol',
      'more_tools',
      'finish',
    ]);
  });

  it('only look and ask while it plans', () => {
    const tools = toolsOf('full', { mode: 'plan', also: [run, ...many] });
    const effects = [...tools.inSight, ...tools.further].map(({ effect }) => effect);
    assert.deepEqual([...new Set(effects)].sort(), ['ask', 'look']);
  });

  it('are those that the embedded model was taught, whatever there is', () => {
    const tools = toolsOf('tiny', { mode: 'act', also: [run] });
    assert.deepEqual(
      formsOf(tools).map(({ name }) => name),
      ['read_file', 'edit_file', 'finish'],
    );
  });

  it('may be called by name, in sight or not', async () => {
    const tools = toolsOf('small', { mode: 'act', also: many });
    assert.equal(toolNamed(tools, 'shop_7'), many[7]);
    using at = openToolBench({}, tools);
    assert.equal(await at.told({ tool: 'shop_7', what: 'now' }), 'shop_7 now');
    assert.equal(
      await at.refused({ tool: 'finish', outcome: 'won', body: '' }),
      'finish needs "outcome": done, failed or blocked',
    );
    assert.equal(await at.refused({ tool: 'shop_41', what: 'now' }), 'there is no tool named "shop_41"');
  });

  it('are shown by their families', async () => {
    const tools = toolsOf('small', { mode: 'act', also: [run, ...many] });
    const more = toolNamed(tools, 'more_tools');
    assert.match(
      more.does,
      /files \(list_files, write_file, move_file, delete_file\), code \(find_symbol, diagnostics, write_function\), people \(ask_person\), shop \(40 tools\)\.$/,
    );
    using at = openToolBench({}, tools);
    const files = tools.further.filter(({ family }) => family === 'files');
    assert.equal(await at.told({ tool: 'more_tools', family: 'files' }), files.map(renderForm).join('\n\n'));
    assert.match(
      await at.refused({ tool: 'more_tools', family: 'none' }),
      /^more_tools needs "family": files, code, people or shop$/,
    );
    const { text } = await at.run({ tool: 'more_tools', family: 'shop' }, { room: 500 });
    assert.ok(text.length <= 500 && text.endsWith('(there is more: they do not fit)'), text);
  });
});
