import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate } from '../../../../server/inference/llama/pace.ts';
import { listen } from './listener.ts';

/** A request that stands still for ever would only end with the whole run. */
const soon = { timeout: 10_000 };
const turnOfTheLoop = () => new Promise(setImmediate);

test('background requests stand still while an interactive one runs, and go on when it has ended', soon, async () => {
  const enter = createGate({ speaking: 0 });
  const background = enter('background', listen());
  await background.goOn();
  const [first, second] = [enter('interactive', listen()), enter('interactive', listen())];
  let went = 0;
  const waiting = background.goOn().then(() => went++);
  const sliced = background.slice(async () => went++);
  await Promise.all([first.goOn(), second.goOn()]);
  first.leave();
  await turnOfTheLoop();
  assert.equal(went, 0, 'one of two still runs');
  second.leave();
  await Promise.all([waiting, sliced]);
  assert.equal(went, 2);
});

test('prompts of background requests are read one slice at a time, in turns', soon, async () => {
  const enter = createGate({ speaking: 0 });
  const order: string[] = [];
  let open = 0;
  const read = async (name: string) => {
    const pace = enter('background', listen());
    for (let slice = 0; slice < 3; slice++)
      await pace.slice(async () => {
        assert.equal(++open, 1);
        order.push(name);
        await turnOfTheLoop();
        open--;
      });
  };
  await Promise.all([read('a'), read('b'), read('c')]);
  assert.equal(order.join(''), 'abcabcabc');
});

test('a slice that fails lets the next one begin', soon, async () => {
  const enter = createGate({ speaking: 0 });
  const pace = enter('background', listen());
  await assert.rejects(
    pace.slice(async () => {
      throw new Error('broken');
    }),
    /broken/,
  );
  assert.equal(await pace.slice(async () => 'read'), 'read');
});

test('what stands still can be cancelled, and nothing else is disturbed', soon, async () => {
  const enter = createGate({ speaking: 0 });
  const listener = listen();
  const cancelled = enter('background', listener);
  const other = enter('background', listen());
  const interactive = enter('interactive', listen());
  const standing = [cancelled.goOn(), cancelled.slice(async () => assert.fail('it computed'))];
  listener.cancel();
  for (const one of standing) await assert.rejects(one, { code: 'cancelled' });
  let went = false;
  const waiting = other.goOn().then(() => {
    went = true;
  });
  await turnOfTheLoop();
  assert.ok(!went);
  interactive.leave();
  await waiting;
});

test('a cancelled interactive request computes nothing more', soon, async () => {
  const listener = listen();
  const pace = createGate({ speaking: 0 })('interactive', listener);
  listener.cancel();
  await assert.rejects(pace.goOn(), { code: 'cancelled' });
  await assert.rejects(
    pace.slice(async () => assert.fail('it computed')),
    { code: 'cancelled' },
  );
});

test('who speaks is counted, and who stands still or has left is not', soon, async () => {
  const crowd = { speaking: 0 };
  const enter = createGate(crowd);
  const [one, two] = [enter('background', listen()), enter('background', listen())];
  assert.equal(crowd.speaking, 0, 'they read their prompts');
  await one.goOn();
  await two.goOn();
  await two.goOn();
  assert.equal(crowd.speaking, 2);
  const person = enter('interactive', listen());
  const standing = one.goOn();
  await person.goOn();
  assert.equal(crowd.speaking, 2, 'two has not come to the gate yet');
  person.leave();
  await standing;
  one.leave();
  one.leave();
  assert.equal(crowd.speaking, 1);
});
