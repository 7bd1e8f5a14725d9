import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { commandPattern, exactPattern, pathFits } from '../../server/approvals/pattern.ts';
import { addToRuleFile, readRuleFile, removeFromRuleFile } from '../../server/approvals/ruleFile.ts';
import { selfRunning } from '../../server/approvals/selfRunning.ts';
import { junk, mutated, sayingsOf } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';
import { tempFolder } from '../support/temp.ts';

/** Files of rules that came with a folder, and patterns of commands: the exact pattern of a command fits it and no other. */
const corpus = [
  '{"rules": [{"tool": "run_command", "command": "npm test *", "does": "allow"}]}',
  '{\n  // mine\n  "rules": [\n    {"tool": "edit_file", "path": "src/**", "does": "ask"}, // and\n  ],\n}\n',
  ...sayingsOf('test/server/approvals/ruleBook.test.ts').filter((text) => text.includes('{')),
];
const words = [
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  '//',
  '/*',
  '*/',
  '\n',
  '"rules"',
  '"does":"allow"',
  '__proto__',
  '\\u0000',
  'null',
  '**/',
  '!',
  '\\',
];
const word = fc.oneof(junk, fc.constantFrom('npm', '*', "'", '"', '\\', '-rf', 'a b', '$X', ''));
const rule = { tool: 'run_command', command: 'make', does: 'ask' } as const;

export default target({
  inputs: fc.record({
    text: mutated(corpus, words),
    words: fc.array(word, { minLength: 1, maxLength: 6 }),
    other: word,
  }),
  batch: 500,
  open() {
    const folder = tempFolder('fuzz-rules');
    const file = join(folder.path, 'rules.json');
    return {
      run({ text, words, other }) {
        const given = words.map((text) => ({ text, is: 'certain' as const }));
        const { exact, fits } = commandPattern(exactPattern(given));
        assert.ok(exact && fits(given));
        assert.ok(!fits([...given, { text: other, is: 'certain' }]));
        assert.ok(!fits(given.with(-1, { text: `${words.at(-1)}x`, is: 'certain' })));
        commandPattern(text.slice(0, 500)).fits(given);
        pathFits(other, words.join('/'));
        selfRunning({ path: words.join('/'), before: null, after: text });
        writeFileSync(file, text);
        const rules = readRuleFile(file);
        addToRuleFile(file, [rule]);
        assert.ok(readRuleFile(file).length <= rules.length + 1);
        removeFromRuleFile(file, rule);
        assert.ok(
          readRuleFile(file).every(
            ({ tool, command, path, does }) =>
              !(tool === rule.tool && command === 'make' && path === undefined && does === 'ask'),
          ),
        );
      },
      close: () => folder[Symbol.dispose](),
    };
  },
});
