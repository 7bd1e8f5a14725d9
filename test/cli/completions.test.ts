import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { completionScripts } from '../../cli/completionScripts.ts';
import { startServer } from '../support/server.ts';
import { tempFolder } from '../support/temp.ts';
import { ownWorkspace } from './command.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;
const unless = (shell: string) => !has(shell) && `${shell} is not on this machine`;

describe('completion', { timeout: 120_000 }, () => {
  const { cwd, cli, env } = ownWorkspace();
  const complete = async (...words: string[]) => {
    const { code, out, err } = await cli(['complete', '--', ...words]);
    assert.deepEqual([code, err], [0, '']);
    return out.split('\n').flatMap((line) => line.split('\t')[0] || []);
  };

  it('knows commands, options and their values', async () => {
    assert.deepEqual(await complete('ta'), ['task']);
    assert.deepEqual(await complete('task', 'ca'), ['cancel']);
    assert.deepEqual(await complete('task', 'new', '--acc'), ['--accept']);
    assert.deepEqual(await complete('task', 'new', '--kind', 'a'), ['ask', 'agent']);
    assert.deepEqual(await complete('task', 'new', '--kind=a'), ['--kind=ask', '--kind=agent']);
    assert.deepEqual(await complete('task', 'new', '--kind', '=', 'pl'), ['plan'], 'as bash breaks words');
    assert.deepEqual(await complete('--json', '-w', 'task', 'task', 'gr'), ['graph']);
    assert.deepEqual(await complete('task', 'list', '--no-c'), ['--no-color'], "the program's options too");
    assert.deepEqual(await complete('task', 'list', '--json', '--'), [
      ...['--status', '--limit', '--before', '--dead', '--help', '--workspace', '--json', '--no-color', '--trust'],
      ...['--no-trust', '--workers'],
    ]);
    assert.deepEqual(await complete('completion', ''), Object.keys(completionScripts));
    assert.deepEqual(await complete('no', 'such', ''), []);
    assert.deepEqual(await complete('com'), ['completion'], 'what is only for shells is not offered');
  });

  it('says where files fit, and where not', async () => {
    assert.deepEqual(await complete('backup', ''), [':files']);
    assert.deepEqual(await complete('model', 'import', 'x'), [':files']);
    assert.deepEqual(await complete('-w', ''), [':files']);
    assert.deepEqual(await complete('task', 'new', '--priority', ''), []);
  });

  it('names tasks, notes and models of a server that runs, and starts none', async () => {
    assert.deepEqual(await complete('task', 'show', ''), []);
    assert.deepEqual(await complete('model', 'show', ''), []);
    await using server = await startServer({ workspace: cwd, data: env['OSPAIN2_DATA_DIR'] ?? '', env });
    const { task } = await server.client.request('task/submit', { instruction: 'Count\tthe\nstars', kind: 'ask' });
    await server.client.request('note/save', { path: 'my ideas.md', text: '# Ideas\n', base: null });
    assert.deepEqual(await complete('task', 'show', ''), [String(task.number)]);
    assert.deepEqual(await complete('task', 'cancel', '7', ''), [String(task.number)]);
    assert.deepEqual(await complete('note', 'show', 'my'), ['my ideas.md']);
    assert.deepEqual(await complete('model', 'show', ''), ['canary', 'default']);
    assert.deepEqual(await complete('task', 'new', '-m', 'can'), ['canary']);
  });

  describe('in real shells', () => {
    const inShell = (shell: string, script: string): string[] => {
      using bin = tempFolder('bin');
      const program = join(bin.path, 'ospain2');
      writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
      chmodSync(program, 0o755);
      const where = { ...env, PATH: `${bin.path}${delimiter}${process.env['PATH']}`, HOME: bin.path };
      const ran = spawnSync(shell, [...(shell === 'zsh' ? ['-f'] : []), '-c', script], {
        ...{ cwd, env: where, encoding: 'utf8' },
      });
      assert.equal(ran.status, 0, ran.stderr);
      assert.equal(ran.stderr, '');
      return ran.stdout.split('\n').filter((line) => line !== '');
    };

    it('bash', { skip: unless('bash') }, () => {
      const script = `set -u; source <(ospain2 completion bash); source <(ospain2 completion bash)
        at() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ospain2; printf '%s\\n' "\${COMPREPLY[@]:-none}"; }
        at ospain2 task pr; at ospain2 task new --kind = pl; at ospain2 note tag ''; at ospain2 task list --st
        complete -p ospain2`;
      assert.deepEqual(inShell('bash', script), [
        ...['prioritize', 'plan', 'none', '--status'],
        'complete -F _ospain2 ospain2',
      ]);
    });

    it('zsh', { skip: unless('zsh') }, () => {
      const script = `compdef() { print "compdef $@" }; _files() { print files }; _describe() { print -l "\${(@P)2}" }
        source <(ospain2 completion zsh)
        words=(ospain2 task pr); CURRENT=3; _ospain2
        words=(ospain2 backup ''); CURRENT=3; _ospain2`;
      assert.deepEqual(inShell('zsh', script), [
        'compdef _ospain2 ospain2',
        'prioritize:say which tasks go first',
        'files',
      ]);
    });

    it('fish', { skip: unless('fish') }, () => {
      writeFileSync(join(cwd, 'notes.db'), '');
      const script = `ospain2 completion fish | source
        complete -C'ospain2 task pr'; complete -C'ospain2 backup notes'; complete -C'ospain2 completion '`;
      assert.deepEqual(
        inShell('fish', script).map((line) => line.split('\t')[0]),
        ['prioritize', 'notes.db', 'bash', 'fish', 'powershell', 'zsh'],
      );
    });

    it('PowerShell is only read: braces and quotes are paired, and an empty word is said by an option', () => {
      const { powershell } = completionScripts;
      for (const [open = '', close = ''] of ['{}', '()', '[]'])
        assert.equal(powershell.split(open).length, powershell.split(close).length, open);
      assert.equal(powershell.replace(/#.*/g, '').split("'").length % 2, 1);
      assert.match(powershell, /-Native -CommandName ospain2/);
    });
  });

  it('takes the word at the cursor as empty when told so', async () => {
    const { out } = await cli(['complete', '--empty', '--', 'task', 'new', '--kind']);
    assert.match(out, /^ask\t\nagent\t/);
  });
});
