import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandTree, leavesOf } from '../../scripts/docs/commandTree.ts';

/** The examples of a help text, each as its words. */
function examplesIn(help: string): string[][] {
  const lines = help.split('\n').filter((line) => /^ {2}ospain2 /.test(line));
  return lines.map((line) => wordsOf(line.trim().replace(/ {3,}.*$/, '')));
}

/** Words as a shell takes them, up to where its line goes on with something else. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [, quoted, single, plain = ''] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    if (/^(\||<|>|>>|;|&&)$/.test(plain)) break;
    words.push(quoted ?? single ?? plain);
  }
  return words;
}

describe('the help', () => {
  const { program, written } = commandTree();
  for (const { path, command } of leavesOf(program))
    it(`of ${path} describes it, its options, and has an example that is right`, async () => {
      assert.ok(command.description().length > 5);
      for (const { flags, description } of command.options) assert.ok(description !== '', `${flags} is not described`);
      command.outputHelp();
      const help = written();
      if (path === 'ospain2 mcp') return assert.match(help, /"args": \["mcp", /, 'its example is for another program');
      const examples = examplesIn(help).filter((words) => words.join(' ').startsWith(path));
      assert.ok(examples.length > 0, `no example begins with ${path}`);
      for (const [, ...words] of examples) await parse(words, path);
    });

  it('of the program has examples that are right', async () => {
    program.outputHelp();
    const examples = examplesIn(written());
    assert.ok(examples.length >= 5);
    for (const [, ...words] of examples) await parse(words, 'ospain2');
  });

  it('is tested by a parser that refuses what is wrong', async () => {
    await assert.rejects(parse(['task', 'show', '3', '--no-such-option'], 'ospain2 task show'));
    await assert.rejects(parse(['task', 'shwo', '3'], 'ospain2 task'));
    await assert.rejects(parse(['task', 'show'], 'ospain2 task show'));
    assert.deepEqual(examplesIn('  ospain2 task new "a b" | git apply      tells why\n  other'), [
      ['ospain2', 'task', 'new', 'a b'],
    ]);
  });

  /** Runs the parser alone; it must come to this very command. */
  async function parse(words: string[], path: string): Promise<void> {
    let ran = '';
    const tree = commandTree(words, () => async (...parsed) => {
      for (let one = parsed.at(-1) as typeof program | null; one !== null; one = one.parent)
        ran = `${one.name()} ${ran}`;
    });
    await tree.program.parseAsync(words, { from: 'user' });
    assert.ok(ran.startsWith(path), `${words.join(' ')} is ${ran}`);
  }
});
