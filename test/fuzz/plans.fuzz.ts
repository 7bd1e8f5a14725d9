import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Item } from '../../protocol/index.ts';
import { parsePlan, planText } from '../../protocol/planText.ts';
import { readTime } from '../../protocol/scheduleTimes.ts';
import { toCalendar, toMarkdown } from '../../server/horizon/exports.ts';
import { junk, mutated, sayingsOf } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** Plans as people edit them, times as they write them, and plans for other programs: a title is no line of a calendar. */
const corpus = [
  ...sayingsOf('test/protocol/planText.test.ts'),
  '1. Add a test\n2. Fix it (after 1)\n3. Ship\n   it (after 1, 2)\n',
];
const words = [
  '1. ',
  '2) ',
  '(after 1)',
  '(after 1, 2, 3)',
  '\n',
  '   ',
  '# c\n',
  '99999999999999999999. ',
  '(after ',
  ')',
  '18:30',
  '2027-01-31 02:00',
];
const hostile = fc.oneof(
  junk,
  fc.constantFrom('END:VEVENT\r\nBEGIN:VALARM', 'a\nATTACH:file:///etc/passwd', 'x;y,z\\n', '\rX-A:b', '"', '<b>'),
);
const day = fc.constantFrom('2026-11-23', '2027-02-28', '2026-12-31');

export default pure(
  fc.record({
    text: mutated(corpus, words),
    title: fc.array(hostile, { maxLength: 5 }),
    tag: fc.constantFrom('one', 'ä/b', 'x;y', 'a,b', 'BEGIN:VEVENT', '"q"'),
    day,
  }),
  ({ text, title: parts, tag, day }) => {
    readTime(text, 0);
    const title = parts.join('');
    const item: Item = {
      ...{
        id: 'an-id',
        number: 1,
        title,
        horizon: 'now',
        estimate: 30,
        start: null,
        due: day,
        tags: [tag],
        doneAt: null,
      },
      ...{ version: 1, createdAt: 0, updatedAt: 0, doneOn: null, dependsOn: ['gone'] },
    } as unknown as Item;
    const calendar = toCalendar([item]);
    // A line that goes on begins with a blank (RFC 5545, 3.1); a title that broke out of its own would be a line of another name.
    const names = calendar.split(/\r\n|\r|\n/).filter((line) => line !== '' && !line.startsWith(' '));
    for (const line of names) assert.match(line, KNOWN);
    assert.equal(names.filter((line) => line === 'BEGIN:VEVENT').length, 1);
    toMarkdown([item]);
    const plan = parsePlan(text);
    assert.deepEqual(parsePlan(planText(plan)), plan);
  },
);

const KNOWN =
  /^(BEGIN|END|VERSION|PRODID|NAME|X-WR-CALNAME|UID|SEQUENCE|DTSTAMP|DTSTART|DTEND|SUMMARY|STATUS|CATEGORIES|CREATED|LAST-MODIFIED|X-MICROSOFT-CDO-ALLDAYEVENT|X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT|TRANSP)[;:]/;
