import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definiteFix } from '../../../server/language/definiteFix.ts';
import { problem } from './place.ts';

const PAGE = "import { totalPrice } from './orders';\n";
const ORDERS = 'export function totalPrise(a, b) {\n  return a + b;\n}\n';
const missing = (module: string) =>
  problem(PAGE, 'totalPrice', `'"${module}"' has no exported member named 'totalPrice'. Did you mean 'totalPrise'?`);

test('an import that its module does not have: the function is renamed where it is declared', () => {
  const cases: [module: string, files: Record<string, string>, path: string | undefined][] = [
    ['./orders', { 'src/orders.ts': ORDERS }, 'src/orders.ts'],
    ['./orders.js', { 'src/orders.ts': ORDERS }, 'src/orders.ts'],
    ['./orders.js', { 'src/orders.js': ORDERS, 'src/orders.ts': ORDERS }, 'src/orders.js'],
    ['../lib', { 'lib/index.ts': ORDERS }, 'lib/index.ts'],
    ['orders', { 'src/orders.ts': ORDERS }, undefined],
    ['./orders', {}, undefined],
    ['../../orders', { '../orders.ts': ORDERS }, '../orders.ts'],
    ['./orders', { 'src/orders.ts': `${ORDERS}console.log(totalPrise(1, 2));\n` }, undefined],
    ['./orders', { 'src/orders.ts': `${ORDERS}const totalPrice = 3;\n` }, undefined],
    ['./orders', { 'src/orders.ts': 'export const totalPrise = 3;\n' }, undefined],
  ];
  for (const [module, files, path] of cases) {
    const read = (file: string) => files[file];
    const fix = definiteFix(missing(module), { path: 'src/page.ts', text: PAGE, read });
    const want = path && { act: 'rename', path, name: 'totalPrise', newName: 'totalPrice' };
    assert.deepEqual(fix, want, JSON.stringify([module, files]));
  }
});

test('a name that is not in camel case', () => {
  const text = 'function load_user(id) {\n  return id;\n}\n';
  const said: [message: string, code?: string][] = [
    ["Identifier 'load_user' is not in camel case.", 'camelcase'],
    ['Function name `load_user` must match one of the following formats: camelCase'],
    ['This function name should be in camelCase.', 'lint/style/useNamingConvention'],
  ];
  for (const [message, code] of said) {
    const fix = definiteFix(problem(text, 'load_user', message, code === undefined ? {} : { code }), {
      path: 'a.js',
      text,
      read: () => undefined,
    });
    assert.deepEqual(fix, { act: 'rename', path: 'a.js', name: 'load_user', newName: 'loadUser' });
  }
  const none = [
    problem(text, 'load_user', 'Missing return type on function.'),
    problem(text, 'id', 'Not in camel case.'),
    problem(text, '{', 'Not in camel case.'),
  ];
  for (const one of none) assert.equal(definiteFix(one, { path: 'a.js', text, read: () => undefined }), undefined);
});
