import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fixWhen, occurrencesOf } from '../../server/schedules/occurrences.ts';
import { mutated, sayingsOf } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** Cron expressions and zones: what is accepted is due later than now, and telling when costs little. */
const corpus = [
  ...[
    '0 2 * * MON-FRI',
    '*/5 * * * *',
    '0 0 29 2 *',
    '0 0 31 4 *',
    '30 2 * 3 0#L',
    '0 0 L * *',
    '@daily',
    '0 0 1W * *',
    '0 0 * * 5#2',
  ],
  ...sayingsOf('test/server/schedules/occurrences.test.ts').filter((text) => text.split(' ').length === 5),
];
const words = [
  '*',
  '/',
  ',',
  '-',
  '1',
  '59',
  '0',
  'L',
  'W',
  '#',
  '?',
  ' ',
  '@',
  'SUN',
  'FEB',
  '+',
  '99999999999',
  '-1',
  '.5',
  '29',
  '2',
  '\n',
];
const zones = [
  'UTC',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  '+05:30',
  'Nowhere',
  '',
  'America/Sao_Paulo',
];
const NOW = Date.UTC(2026, 10, 23);

export default pure(
  fc.record({
    cron: mutated(corpus, words).map((text) => text.slice(0, 300)),
    timeZone: fc.constantFrom(...zones),
    at: fc.double(),
  }),
  ({ cron, timeZone, at }) => {
    const when = fixWhen({ cron, timeZone }, NOW, 'UTC');
    const { after, newest } = occurrencesOf(when);
    const next = after(NOW);
    assert.ok(next !== null && next > NOW);
    assert.ok((newest(3, NOW) ?? 0) <= NOW);
    fixWhen({ at }, NOW, 'UTC');
  },
  300,
);
