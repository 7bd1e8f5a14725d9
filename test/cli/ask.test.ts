import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { ask } from '../../cli/ask.ts';

const terminal = () => Object.assign(new PassThrough(), { isTTY: true });

async function answered(answer: string | null): Promise<{ yes: boolean; asked: string }> {
  const [stdin, stderr] = [terminal(), terminal()];
  const asking = ask({ stdin, stderr }, 'Write it?');
  if (answer === null) stdin.end();
  else stdin.write(`${answer}\n`);
  const yes = await asking;
  return { yes, asked: String(stderr.read()) };
}

test('only a clear yes is one', async () => {
  for (const answer of ['y', 'yes', ' Y ']) assert.equal((await answered(answer)).yes, true, answer);
  for (const answer of ['', 'n', 'no', 'yesterday', 'why', null])
    assert.equal((await answered(answer)).yes, false, String(answer));
  assert.match((await answered('n')).asked, /Write it\? \[y\/N\] /);
});

test('where nobody can answer nothing is asked', async () => {
  const stderr = terminal();
  await assert.rejects(ask({ stdin: new PassThrough(), stderr }, 'Write it?'), { code: 'invalid_params' });
  await assert.rejects(ask({ stdin: terminal(), stderr: new PassThrough() }, 'Write it?'), { code: 'invalid_params' });
  assert.equal(stderr.read(), null);
});
