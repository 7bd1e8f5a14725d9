import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runLook, scheduleLook } from '../../../extension/views/scheduleItem.ts';
import type { Run, Schedule } from '../../../protocol/schedules.ts';

const schedule: Schedule = {
  id: 's',
  number: 2,
  when: { cron: '0 2 * * *', timeZone: 'Europe/Berlin' },
  conditions: ['mains', 'idle'],
  misfire: 'once',
  template: { kind: 'plan', instruction: 'What is next?\nSay it.', model: 'default', autoAccept: 'none' },
  enabled: true,
  nextAt: 7,
  lastAt: 5,
  createdAt: 0,
};
const look = (some: Partial<Schedule>) => scheduleLook({ ...schedule, ...some }, (at) => `at ${at}`);

test('a row tells the next and the last run, in words for all', () => {
  const { label, description, spoken, icon, contextValue } = look({});
  assert.deepEqual([label, description], ['#2 What is next?', 'next at 7 · last at 5']);
  assert.equal(spoken, 'Schedule 2, next at 7, last at 5: What is next?');
  assert.deepEqual([icon.id, contextValue], ['calendar', 'schedule.on']);
});

test('one that is off, and one that is over', () => {
  const off = look({ enabled: false, lastAt: null });
  assert.deepEqual(
    [off.description, off.icon.id, off.contextValue],
    ['off · never ran', 'circle-slash', 'schedule.off'],
  );
  const over = look({ when: { at: 5 }, nextAt: null });
  assert.deepEqual([over.description, over.icon.id], ['never due again · last at 5', 'history']);
  assert.match(over.tooltip, /Due once, on mains power, when idle/);
});

test('the tooltip tells when, the conditions and what becomes of missed times; the rest does nothing', () => {
  const { tooltip } = look({ template: { ...schedule.template, instruction: '[x](command:evil)' } });
  assert.match(tooltip, /Due at `0 2 \* \* \*`, Europe\/Berlin, on mains power, when idle/);
  assert.match(tooltip, /are run once for all of them/);
  assert.ok(tooltip.includes('\\[x\\]\\(command:evil\\)'), tooltip);
});

test('each due time says what became of it', () => {
  const run: Run = { scheduleId: 's', dueAt: 3, outcome: 'submitted', taskId: 't', at: 4, reason: null };
  const gave = runLook(run, (at) => `at ${at}`);
  assert.deepEqual(
    [gave.label, gave.description, gave.spoken],
    ['at 3', 'gave a task', 'Due at 3: gave a task, opens the task'],
  );
  const refused = runLook({ ...run, outcome: 'refused', taskId: null, reason: 'The disk is full.' }, String);
  assert.equal(refused.description, 'refused · The disk is full.');
});
