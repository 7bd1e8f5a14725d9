import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { installBubblewrap } from '../support/installPackages.ts';
import { hostileCommands } from './escape/commands.ts';
import type { Try } from './escape/escapeProgram.ts';
import { runEscapes } from './escape/runEscapes.ts';

const isRoot = process.getuid?.() === 0;

/** How those tries must end that ask for too much; the kernel's own bound or the product's look may come first. */
const ENDINGS: Readonly<Record<string, RegExp>> = {
  'flooding: a bomb of processes': /^(processes|time)/,
  'flooding: a bomb of memory': /^memory/,
  'flooding: one process with all the memory': /^(memory|itself [1-9])/,
  'flooding: output without end': /^output/,
  'flooding: a line without end': /^output/,
  'flooding: a program that does not want to end': /^time/,
  'flooding: a program in the background': /^itself 0/,
};

/** What the kernel must have said, where a canary would see no difference. */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  'rights: risky parts of the kernel': /^(-1 Operation not permitted\n){5}$/,
  'rights: the keys of the kernel': /^(-1 Operation not permitted\n){2}/,
  'rights: looking into other processes': /-1 No such process\n$/,
  'rights: typing into a terminal': /^(Operation not permitted\n){3}no terminal\n/,
  'talking: families of sockets that no namespace confines':
    /^40: Address.*not supported.*\n38: Address.*not supported.*\n17: Address.*not supported.*\n31: Address.*not supported/,
  'writing: hooks of git': /Read-only file system/,
  'writing: settings of the kernel': /core_pattern: (Read-only file system|Permission denied)/,
};

describe('nothing gets out of the sandbox', {
  concurrency: true,
  skip: process.platform !== 'linux' && 'bubblewrap is of Linux',
}, () => {
  before(installBubblewrap);

  const nothingGetsOut = (tries: readonly Try[]): void => {
    const commands = tries.filter(({ name }) => !name.startsWith('call: '));
    assert.equal(commands.length, hostileCommands.length);
    assert.ok(tries.length >= 60);
    assert.deepEqual(
      tries.filter(({ damage, leaked }) => damage.length > 0 || leaked),
      [],
    );
    for (const [name, ending] of Object.entries(ENDINGS)) {
      const found = tries.find((one) => one.name === name);
      assert.match(found?.ending ?? 'not tried', ending, name);
    }
    for (const [name, refusal] of Object.entries(REFUSALS)) {
      const found = tries.find((one) => one.name === name);
      assert.match(found?.said ?? 'not tried', refusal, name);
    }
  };

  test('as whoever runs the tests', async () => nothingGetsOut(await runEscapes('sandboxed', 'self')));

  test('as another user', { skip: !isRoot && 'only the administrator can become somebody else' }, async () =>
    nothingGetsOut(await runEscapes('sandboxed', 'nobody')),
  );

  test('what is kept in would be seen outside: without a sandbox each try does its damage', async () => {
    const tries = await runEscapes('open', isRoot ? 'nobody' : 'self');
    const provable = hostileCommands.filter((one) => one.provable);
    assert.ok(provable.length >= 40);
    assert.deepEqual(
      tries.map(({ name }) => name),
      provable.map(({ name }) => name),
    );
    assert.deepEqual(
      tries.filter(({ damage, leaked }) => damage.length === 0 && !leaked),
      [],
    );
  });
});
