import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Suggestion } from '../../protocol/index.ts';
import { jsonLines, ownWorkspace } from './command.ts';

const { cli } = ownWorkspace();

describe('suggestions from the command line', { timeout: 600_000 }, () => {
  const ok = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await cli(args);
    assert.equal(code, 0, err);
    return out;
  };

  it('are asked for, looked at, and taken whole or in part', async () => {
    await ok('item', 'add', 'fix the crash of the sidebar today', '--horizon', 'later');
    assert.match(
      await ok('suggest', 'tags', '#1'),
      /^tags for fix the crash of the sidebar today\n {2}1\. ○ bug +“crash” in the line .*\nThe embedded model .* \(made by canary@\S+\)\nTake it: ospain2 suggest accept 1\n$/,
    );
    assert.equal(await ok('suggest', 'accept', '1'), 'Suggestion 1 is accepted. 1 item changed.\n');
    const [line] = jsonLines(await ok('--json', 'suggest', 'horizon', '1'));
    const made = Suggestion.parse(line?.['suggestion']);
    assert.deepEqual([made.about, made.parts[0]?.text, made.status], ['horizon', 'now', 'open']);
    assert.equal(await ok('suggest', 'dismiss', '2'), 'Suggestion 2 is dismissed.\n');
    await ok('item', 'add', 'add a cache to the parser');
    await ok('suggest', 'steps', '2');
    assert.equal(
      await ok('suggest', 'accept', '3', '--part', '1', '--part', '3'),
      'Suggestion 3 is open. 3 items changed.\n',
    );
    assert.match(await ok('suggest', 'show', '3'), /\n {2}1\. ✓ .*\n {2}2\. ○ .*\n {2}3\. ✓ /);
    assert.match(await ok('suggest', 'list'), /^3 {2}open {2}steps {2}add a cache/);
    const review = await ok('suggest', 'review');
    assert.match(review, /^review for \d{4}-\d\d-\d\d\n# Week of .*\n(?:.*\n)*- Items: 0 done, 4 added/);
    assert.match(
      await ok('suggest', 'list', '--all'),
      /^4 {2}open .*\n3 {2}open .*\n2 {2}dismissed .*\n1 {2}accepted /,
    );
  });

  it('say what is wrong', async () => {
    for (const [args, code] of [
      [['suggest', 'tags', 'no.md'], 'not_found'],
      [['suggest', 'accept', '77'], 'not_found'],
      [['suggest', 'accept', '4', '--part', '0'], 'invalid_params'],
      [['suggest', 'review', 'yesterday'], 'invalid_params'],
    ] as const)
      assert.match((await cli([...args])).err, new RegExp(`^error\\[${code}\\]`), args.join(' '));
  });
});
