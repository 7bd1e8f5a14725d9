import { equal } from 'node:assert/strict';
import { it } from 'node:test';
import { relativeTime, wholeTime } from '../../../webview/components/relativeTime.ts';

it('says how far a time is from now', () => {
  const now = Date.UTC(2026, 10, 23, 12);
  const say = (seconds: number, locale = 'en') => relativeTime(now + seconds * 1000, now, locale);
  equal(say(0), 'now');
  equal(say(-59), 'now');
  equal(say(-60), '1 min. ago');
  equal(say(3 * 3600), 'in 3 hr.');
  equal(say(-86_400), 'yesterday');
  equal(say(8 * 86_400), 'next wk.');
  equal(say(-400 * 86_400), 'last yr.');
  equal(say(-2 * 86_400, 'de'), 'vorgestern');
});

it('writes a whole date as the language does', () => {
  const at = new Date(2026, 10, 23, 12, 5).getTime();
  equal(wholeTime(at, 'de'), '23.11.2026, 12:05');
  equal(wholeTime(at, 'en-GB'), '23 Nov 2026, 12:05');
});
