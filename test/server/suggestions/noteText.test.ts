import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSection, withTitle } from '../../../server/suggestions/noteText.ts';

test('a title is written where the note has its title', () => {
  for (const [before, after] of [
    ['# Old\n\ntext\n', '# New "one"\n\ntext\n'],
    ['Old\n===\ntext\n', 'New "one"\n===\ntext\n'],
    ['text\n', '# New "one"\n\ntext\n'],
    ['', '# New "one"\n\n'],
    ['a\r\nb\r\n', '# New "one"\r\n\r\na\r\nb\r\n'],
    ['---\ntags: [a]\n---\ntext\n', '---\ntags: [a]\n---\n# New "one"\n\ntext\n'],
    ['---\ntitle: Old\ntags: [a]\n---\n# Heading\n', '---\ntitle: "New \\"one\\""\ntags: [a]\n---\n# Heading\n'],
    ['---\ntitle: >\n  Old\n  words\ntags: [a]\n---\n', '---\ntitle: "New \\"one\\""\ntags: [a]\n---\n'],
    ['```\n# code\n```\n', '# New "one"\n\n```\n# code\n```\n'],
  ] as const)
    assert.equal(withTitle(before, 'New "one"'), after);
});

test('lines come at the end of their section, which is made where there is none', () => {
  const lines = ['- a', '- b'];
  for (const [before, after] of [
    ['', '## Steps\n\n- a\n- b\n'],
    ['text', 'text\n\n## Steps\n\n- a\n- b\n'],
    ['text\r\n', 'text\r\n\r\n## Steps\r\n\r\n- a\r\n- b\r\n'],
    ['## Steps\n\n- first\n\n## Other\n\nx\n', '## Steps\n\n- first\n- a\n- b\n\n## Other\n\nx\n'],
    ['# T\n\n## Steps ##\n', '# T\n\n## Steps ##\n\n- a\n- b\n'],
    ['```\n## Steps\n```\n', '```\n## Steps\n```\n\n## Steps\n\n- a\n- b\n'],
    ['## Steps\n\n### inner\n\n- first\n', '## Steps\n\n### inner\n\n- first\n- a\n- b\n'],
  ] as const)
    assert.equal(withSection(before, 'Steps', lines), after);
});
