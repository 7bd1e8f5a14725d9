import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createLiveOutput } from '../../../../server/agents/tools/liveOutput.ts';
import { redact } from '../../../../server/secrets/redaction.ts';

function bench(emit?: (text: string) => void, hide = async (text: string) => text) {
  const told: string[] = [];
  const clock = { now: 0 };
  const live = createLiveOutput(emit ?? ((text) => told.push(text)), { now: () => clock.now, hide });
  return { told, clock, live };
}

test('the first text is told at once, what follows twice a second, and the rest at the end', async () => {
  const { told, clock, live } = bench();
  live.tell('a\n');
  live.tell('b\n');
  clock.now = 499;
  live.tell('c\n');
  await setImmediate();
  assert.deepEqual(told, ['a\n']);
  clock.now = 500;
  live.tell('d\n');
  live.tell('e\n');
  await setImmediate();
  assert.deepEqual(told, ['a\n', 'b\nc\nd\n']);
  live.tell('f');
  await live.end();
  await live.end();
  assert.deepEqual(told, ['a\n', 'b\nc\nd\n', 'e\nf']);
});

test('a command that says much is not all in the log', async () => {
  const { told, clock, live } = bench();
  for (let line = 0; line < 100; line++) {
    clock.now += 1000;
    live.tell(`${'x'.repeat(999)}\n`);
  }
  await live.end();
  const all = told.join('');
  assert.ok(all.length < 32_800);
  assert.match(all, /x…\n$/);
});

test('when the task is taken away there is nothing more to tell', async () => {
  let tries = 0;
  const { live } = bench(() => {
    tries++;
    throw new Error('lease lost');
  });
  live.tell('a\n');
  live.tell('b\n');
  await live.end();
  assert.equal(tries, 1);
});

test('a secret is not in it, in however many pieces it came', async () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${`${'MIIEvQ+/'.repeat(8)}\n`.repeat(4)}-----END PRIVATE KEY-----`;
  const said = `it is AKIA2OGYBAH6QLPWXYZK\n${key}\nend\n`;
  for (const size of [1, 7, 60, 1000]) {
    const { told, clock, live } = bench(undefined, async (text) => (await redact(text)).text);
    for (let at = 0; at < said.length; at += size) {
      clock.now += 1000;
      live.tell(said.slice(at, at + size));
    }
    await live.end();
    assert.equal(
      told.join(''),
      `it is [secret: AWS access key, 20 characters]\n[secret: private key, ${key.length} characters]\nend\n`,
      `pieces of ${size}`,
    );
  }
});
