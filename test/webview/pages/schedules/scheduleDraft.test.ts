import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import type { Schedule } from '../../../../protocol/schedules.ts';
import { draftOf, emptyDraft, readDraft } from '../../../../webview/pages/schedules/scheduleDraft.ts';

const NOW = new Date(2027, 0, 15, 12, 0).getTime();
const draft = { ...emptyDraft, instruction: ' Tidy up. ' };

it('asks for what was written', () => {
  deepEqual(readDraft({ ...draft, idle: true, timeZone: ' Europe/Vienna ', misfire: 'skip', model: '' }, NOW), {
    when: { cron: '0 2 * * *', timeZone: 'Europe/Vienna' },
    conditions: ['idle'],
    misfire: 'skip',
    template: { kind: 'agent', instruction: 'Tidy up.', model: 'default', autoAccept: 'none' },
  });
});

it('says what is missing', () => {
  equal(readDraft({ ...draft, instruction: ' ' }, NOW), 'instruction');
  equal(readDraft({ ...draft, cron: ' ' }, NOW), 'cron');
  equal(readDraft({ ...draft, due: 'at', time: 'soon' }, NOW), 'time');
  equal(readDraft({ ...draft, due: 'at', time: '2020-01-01 10:00' }, NOW), 'time', 'it has passed');
});

it('writes one anew that asks for the same', () => {
  const at = new Date(2027, 0, 16, 18, 30).getTime();
  const made: Schedule = {
    ...{ id: 's', number: 1, enabled: true, nextAt: at, lastAt: null, createdAt: NOW },
    ...{ when: { at }, conditions: ['mains', 'idle'], misfire: 'once' },
    template: { kind: 'ask', instruction: 'What?', model: 'fast', autoAccept: 'edits' },
  };
  const { when, template, conditions } = made;
  deepEqual(readDraft(draftOf(made), NOW), { when, template, conditions: conditions.toReversed(), misfire: 'once' });
  const cron: Schedule = { ...made, when: { cron: '0 9 * * MON', timeZone: 'UTC' }, misfire: 'all', conditions: [] };
  deepEqual(readDraft(draftOf(cron), NOW), { when: cron.when, template, conditions: [], misfire: 'all' });
});
