import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createActions } from '../../../server/language/actions.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';
import { openWorkbench } from '../agents/workbench.ts';
import { openPool, type TestPool } from '../inference/testPool.ts';
import { at, problem } from './place.ts';

/** The model that ships, in a real worker: what is offered for it is what it does. Greedy decoding does the same again. */
describe('the embedded model does what it is offered for', { timeout: 120_000 }, () => {
  let real: TestPool;
  before(async () => {
    real = await openPool();
    real.registry.registerEmbedded();
  });
  after(() => real[Symbol.asyncDispose]());

  const declared = (name: string) =>
    `export const RETRY_MAX = 3;\n\nexport function ${name}(id: string): number {\n  return id.length;\n}\n`;
  const names: [there: string, wanted: string][] = [
    ['totalPrise', 'totalPrice'],
    ['loadUsr', 'loadUser'],
    ['clampRat', 'clampRate'],
    ['parseLin', 'parseLine'],
    ['getNmae', 'getName'],
    ['countItem', 'countItems'],
  ];
  for (const [there, wanted] of names)
    it(`an import of ${wanted} where ${there} is declared`, async () => {
      const page = `import { ${wanted} } from '../lib/limits';\n`;
      await using bench = await openWorkbench({ 'src/page.ts': page, 'lib/limits.ts': declared(there) });
      const actions = createActions({
        queue: bench.queue,
        engine: real.pool,
        syntax: createSyntax(),
        root: bench.root,
      });
      const message = `'"../lib/limits"' has no exported member named '${wanted}'. Did you mean '${there}'?`;
      const place = at(page.replace('{ ', '{ |'), { path: 'src/page.ts', problems: [problem(page, wanted, message)] });
      const { id } = await actions.run({ ...place, name: 'fix', problem: 0, autoAccept: 'none' });
      const { task } = await bench.work(real.pool, id);
      assert.equal(task.status, 'done', JSON.stringify(task.error));
      const files = bench.proposals.show(id).files.map(({ path, after }) => [path, after]);
      assert.deepEqual(files, [['lib/limits.ts', declared(wanted)]]);
    });

  it('a function that is not in camel case, a comment, and what a function does', async () => {
    const text =
      'const MAX_ITEMS = 20;\n\nfunction total_price(a, b) {\n  return a + b;\n}\n\nfunction saveOrder(order) {\n  return order.id;\n}\n';
    await using bench = await openWorkbench({ 'src/orders.ts': text });
    const actions = createActions({ queue: bench.queue, engine: real.pool, syntax: createSyntax(), root: bench.root });
    const said = problem(text, 'total_price', "Identifier 'total_price' is not in camel case.", { source: 'eslint' });
    const run = async (on: string, more: { name: 'fix' | 'document' | 'explain'; problem?: number; said?: string }) => {
      const place = at(text.replace(on, `|${on}`), { problems: [said] });
      const { id } = await actions.run({ ...place, problem: null, autoAccept: 'none', ...more });
      const { task } = await bench.work(real.pool, id);
      assert.equal(task.status, 'done', JSON.stringify(task.error));
      return task.proposal === null ? task.result : bench.proposals.show(id).files[0]?.after;
    };
    assert.equal(await run('total_price', { name: 'fix', problem: 0 }), text.replace('total_price', 'totalPrice'));
    assert.equal(
      await run('saveOrder', { name: 'document', said: 'Saves one order.' }),
      text.replace('function saveOrder', '/** Saves one order. */\nfunction saveOrder'),
    );
    assert.equal(await run('saveOrder', { name: 'explain' }), 'saveOrder returns the id of order.');
  });
});
