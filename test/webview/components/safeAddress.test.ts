import { equal } from 'node:assert/strict';
import { it } from 'node:test';
import { safeAddress } from '../../../webview/components/safeAddress.ts';

it('lets clicks open web and mail addresses, and nothing that runs or reads here', () => {
  equal(safeAddress('https://example.org/a b'), 'https://example.org/a%20b');
  equal(safeAddress('HTTP://example.org'), 'http://example.org/');
  equal(safeAddress('mailto:a@example.org'), 'mailto:a@example.org');
  for (const address of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'command:workbench.action.quit',
    'vscode://x',
    'blob:https://x/1',
    'daily/a.md',
    '#a',
    '//example.org/x',
    '',
  ])
    equal(safeAddress(address), undefined, address);
});
