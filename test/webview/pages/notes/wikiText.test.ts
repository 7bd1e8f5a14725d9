import { equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wikiText } from '../../../../webview/pages/notes/wikiText.ts';

const cases: ReadonlyArray<readonly [text: string, shown: string]> = [
  ['see [[a b]] and [[c#d|e]]', 'see [a b](note:a%20b) and [e](note:c)'],
  ['![[f(1)]] [[]] [[#g]]', '[f(1)](note:f%281%29) [[]] [[#g]]'],
  ['| [[a\\|b]] |', '| [b](note:a) |'],
  ['`[[a]]` and ``[[b]]``', '`[[a]]` and ``[[b]]``'],
  ['```\n[[a]]\n```\n[[b]]', '```\n[[a]]\n```\n[b](note:b)'],
  ['- [ ] do it ^ab1c', '- [ ] do it'],
  ['---\ntags: [x]\n---\n# A', '# A'],
  ['[[a|](javascript:alert(1))]]', '[[a|](javascript:alert(1))]]'],
  ['[[javascript:alert(1)]]', '[javascript:alert(1)](note:javascript%3Aalert%281%29)'],
];

describe('what is shown of a note', () => {
  for (const [text, shown] of cases) it(JSON.stringify(text), () => equal(wikiText(text), shown));
});
