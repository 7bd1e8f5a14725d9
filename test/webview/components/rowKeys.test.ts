import { equal } from 'node:assert/strict';
import { it } from 'node:test';
import { rowAfterKey } from '../../../webview/components/rowKeys.ts';

it('leads keys to rows, and never past the ends', () => {
  const at = (key: string, current: number, count = 100) => rowAfterKey(key, { current, count, page: 20 });
  equal(at('ArrowDown', 0), 1);
  equal(at('ArrowUp', 0), 0);
  equal(at('PageDown', 90), 99);
  equal(at('Home', 50), 0);
  equal(at('End', 50), 99);
  equal(at('Enter', 50), undefined);
  equal(at('ArrowDown', 0, 0), undefined);
});
