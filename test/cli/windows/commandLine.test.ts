import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { argumentsOf, commandLine } from '../../../cli/windows/commandLine.ts';

it('quotes what a program would take apart otherwise', () => {
  const line = commandLine(['C:\\Program Files\\ö\\node.exe', 'C:\\', 'C:\\my dir\\', 'say "hi"', '', '100%', 'a\\"b']);
  assert.equal(line, '"C:\\Program Files\\ö\\node.exe" C:\\ "C:\\my dir\\\\" "say \\"hi\\"" "" 100% "a\\\\\\"b"');
});

it('gives any arguments back', () => {
  const piece = fc.constantFrom('a', 'ö', ' ', '\t', '"', '\\', '\\\\', '%', '&');
  fc.assert(
    fc.property(fc.array(fc.array(piece).map((pieces) => pieces.join(''))), (args) => {
      assert.deepEqual(argumentsOf(commandLine(args)), args);
    }),
    { seed: 7, numRuns: 500 },
  );
});
