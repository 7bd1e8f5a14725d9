import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { ProposalFile } from '../../../../protocol/index.ts';
import { moveAll } from '../../../../server/agents/disk.ts';
import { createRunCommand } from '../../../../server/agents/tools/runCommand.ts';
import type { Tool, ToolContext } from '../../../../server/agents/tools/tool.ts';
import { toolsOf } from '../../../../server/agents/tools/toolSet.ts';
import { type CommandsOptions, createCommands } from '../../../../server/commands/commands.ts';
import { installBubblewrap } from '../../../support/installPackages.ts';
import { openToolBench } from '../toolBench.ts';
import { openWorkbench, steady } from '../workbench.ts';

function workspace(files: Record<string, string>, options: Partial<CommandsOptions> = {}) {
  const bench = openToolBench(files);
  const { root, overlay } = bench;
  const settings: CommandsOptions = {
    root,
    hidden: [],
    timeoutMs: 5000,
    limits: { memory: 500e6, scratch: 50e6, processes: 200 },
    readable: [],
    shell: 'powershell',
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
    now: Date.now,
    ...options,
  };
  const commands = createCommands(settings);
  const tool = createRunCommand({ audit() {}, commands, root });
  const tools = toolsOf('full', { mode: 'act', also: [tool] });
  const own = openToolBench({}, tools);
  own[Symbol.dispose]();
  const run = (command: string, more: Partial<ToolContext> = {}) =>
    own.run({ tool: 'run_command', command }, { overlay, ...more });
  return { root, overlay, tool, tools, run, options: settings, [Symbol.dispose]: () => bench[Symbol.dispose]() };
}

const accept = (root: string, files: readonly ProposalFile[]): void =>
  moveAll(
    root,
    files.map(({ path, before: from, after: to }) => ({ path, from, to })),
    'test',
  );

describe('run_command', { skip: process.platform !== 'linux' && 'bubblewrap is of Linux' }, () => {
  before(installBubblewrap);

  test('what a command changes becomes edits of the task, seen by its next command and by nobody else', async () => {
    using at = workspace({ 'a.txt': 'one\n', 'b.txt': 'two\n' });
    at.overlay.write(at.overlay.find('c.txt'), 'three\n');
    const { ok, text, edited } = await at.run('sed -i s/$/!/ *.txt; rm b.txt; echo done; exit 2');
    assert.equal(ok, true);
    assert.equal(text, 'exit code 2\ndone\nchanged: a.txt, b.txt, c.txt');
    assert.deepEqual(edited, [
      { path: 'a.txt', before: 'one\n', after: 'one!\n' },
      { path: 'b.txt', before: 'two\n', after: null },
      { path: 'c.txt', before: null, after: 'three!\n' },
    ]);
    assert.deepEqual(at.overlay.changes(), edited);
    assert.equal((await at.run('cat *.txt; ls')).text, 'exit code 0\none!\nthree!\na.txt\nc.txt');
    assert.deepEqual(readdirSync(at.root).sort(), ['a.txt', 'b.txt']);
  });

  test('it is among what a model is told of, and runs nothing that nobody agreed to', async () => {
    using at = workspace({});
    assert.ok(at.tools.inSight.some(({ name, effect }) => name === 'run_command' && effect === 'act'));
    const about = await at.tool.about?.({ tool: 'run_command', command: 'echo x' });
    assert.deepEqual(about, { command: { line: 'echo x', shell: 'posix', sandboxed: true, note: undefined } });
    using open = workspace({}, { env: { PATH: '/nowhere', HOME: '/nonexistent' } });
    const refused = await open.run('echo x > a.txt');
    assert.equal(refused.ok, false);
    assert.match(refused.text, /^nobody agreed to run this command\. There is no sandbox for commands: bubblewrap/);
    assert.deepEqual(readdirSync(open.root), []);
    const agreed = await open.run('echo x > a.txt', { agreed: true });
    assert.equal(agreed.text, 'exit code 0\nIt ran on the files on disk, without your edits.');
    assert.equal(agreed.edited, undefined);
    assert.deepEqual(readdirSync(open.root), ['a.txt']);
  });

  test('names that no edit may have are named and left', async () => {
    using at = workspace({ 'a.txt': 'one\n' });
    const { text, edited } = await at.run(
      `echo x | tee $'a\\nb' 'c:d' 'dot.' '..\\up' $'\\e[31m' > /dev/null; mkdir .GIT; echo x > .GIT/config; echo y > ok.txt`,
    );
    assert.deepEqual(edited, [{ path: 'ok.txt', before: null, after: 'y\n' }]);
    assert.match(text, /\nchanged: ok\.txt\nnot taken over: .*holds a character that no path has/);
    for (const part of ['".."', '":"', 'ends with a dot', '.GIT/config', 'a\\nb', '\\u001b[31m'])
      assert.ok(text.includes(part), part);
    assert.ok(!text.includes('\u001b'));
  });

  test('a link that a command plants leads no edit out, also when the edits are accepted', async () => {
    using at = workspace({ 'sub/b.txt': 'b\n', 'a.txt': 'a\n' });
    const outside = join(at.root, '..', `outside-${process.pid}`);
    mkdirSync(outside);
    try {
      writeFileSync(join(outside, 'b.txt'), 'theirs\n');
      const planted = await at.run(
        `rm -r sub; ln -s ${outside} sub; rm a.txt; ln -s ${outside}/b.txt a.txt; mkdir new; ln -s ${outside} new/deep`,
      );
      const why = '(it is not a regular file)';
      assert.equal(planted.edited, undefined);
      assert.equal(planted.text, `exit code 0\nnot taken over: a.txt ${why}, new/deep ${why}, sub ${why}`);
      await at.run('mkdir -p new/deep; echo evil | tee sub/b.txt new/deep/b.txt > a.txt');
      accept(at.root, at.overlay.changes());
      assert.equal(readFileSync(join(outside, 'b.txt'), 'utf8'), 'theirs\n');
      assert.equal(readFileSync(join(at.root, 'sub/b.txt'), 'utf8'), 'evil\n');
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  test('output that is longer than the model has room for loses its middle', async () => {
    using at = workspace({});
    const { text } = await at.run('seq 1 5000', { room: 2500 });
    assert.ok(text.length < 1200);
    assert.match(text, /^exit code 0\n1\n2\n/);
    assert.match(text, /… \d+ characters left out …\n[\s\S]*\n5000$/);
  });

  test('an agent formats its own edits, and the result is what it proposes', async () => {
    const files = {
      'a.txt': 'one\n',
      'format.sh': 'for f in *.txt; do tr a-z A-Z < "$f" > t && mv t "$f"; done; echo formatted\n',
    };
    using tools = workspace({});
    const also: Tool[] = [];
    await using at = await openWorkbench(files, { also });
    also.push(
      createRunCommand({ audit() {}, commands: createCommands({ ...tools.options, root: at.root }), root: at.root }),
    );
    const answers = [
      '{"tool":"edit_file","path":"b.txt"}\n<<<<<<< SEARCH\n=======\ntwo\n>>>>>>> REPLACE',
      '{"tool":"run_command","command":"sh format.sh"}',
      '{"tool":"finish","outcome":"done"}\nFormatted.',
    ];
    const { task, events } = await at.run(steady(answers), { instruction: 'Work', autoAccept: 'sandboxed' });
    assert.equal(task.status, 'done');
    const said = events.flatMap(({ type, data }) =>
      type === 'output' || type === 'result' ? [`${type} ${data.text}`] : [],
    );
    assert.deepEqual(said.slice(-2), ['output formatted\n', 'result exit code 0\nformatted\nchanged: a.txt, b.txt']);
    assert.equal(at.read('a.txt'), 'ONE\n');
    assert.equal(at.read('b.txt'), 'TWO\n');
  });

  test('what was stopped says why', async () => {
    using at = workspace({ 'a.txt': 'a\n' }, { timeoutMs: 300 });
    const { ok, text, edited } = await at.run('echo x > a.txt; echo begun; sleep 20');
    assert.deepEqual(
      { ok, text, edited },
      { ok: true, text: 'stopped after 0.3 s; what it changed is dropped\nbegun', edited: undefined },
    );
  });
});
