import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CompletionRequest, contextOf } from '../../../server/completion/context.ts';

const request: CompletionRequest = {
  path: 'src/cart.ts',
  language: 'typescript',
  prefix: 'const total = priceOf(cart) + ',
  suffix: ';\n',
  neighbours: [],
  automatic: true,
};

test('shows the file, the gap and the likest part of other files', () => {
  const shown = contextOf(
    {
      ...request,
      neighbours: [
        { path: 'src/weather.ts', text: 'export const rain = clouds.filter(isDark).length;\n' },
        { path: 'src/price.ts', text: 'export const priceOf = (cart: Cart) => sum(cart.items);\n' },
      ],
    },
    1000,
  );
  assert.equal(
    shown.prefix,
    '// path: src/price.ts\n// export const priceOf = (cart: Cart) => sum(cart.items);\n// \n// path: src/cart.ts\nconst total = priceOf(cart) + ',
  );
  assert.equal(shown.suffix, ';\n');
});

test('comments are those of the language, and the file itself is no neighbour', () => {
  const neighbours = [{ path: request.path, text: request.prefix }];
  const shown = contextOf({ ...request, language: 'python', neighbours }, 1000);
  assert.equal(shown.prefix, `# path: src/cart.ts\n${request.prefix}`);
});

test('stays within the room, keeps the text next to the cursor and begins with a whole line', () => {
  const line = fc.string({ maxLength: 60, unit: fc.constantFrom('a', 'b', ' ', 'priceOf', '(') });
  const text = fc.array(line, { maxLength: 200 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 3 }), fc.integer({ min: 100, max: 4000 }), (...given) => {
      const [prefix, suffix, others, tokens] = given;
      const neighbours = others.map((text, at) => ({ path: `${at}.ts`, text }));
      const shown = contextOf({ ...request, prefix, suffix, neighbours }, tokens);
      const lead = `// path: ${request.path}\n`;
      const own = shown.prefix.slice(shown.prefix.lastIndexOf(lead) + lead.length);
      assert.ok(prefix.endsWith(own));
      assert.ok(own === prefix || own === '' || prefix.at(-own.length - 1) === '\n');
      assert.ok(suffix.startsWith(shown.suffix));
      assert.ok(shown.prefix.length + shown.suffix.length <= tokens * 2.5 + lead.length);
    }),
    { seed: 7, numRuns: 200 },
  );
});
