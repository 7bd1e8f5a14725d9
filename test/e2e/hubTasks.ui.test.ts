import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { type HubInBrowser, openHub } from '../support/hub/hub.ts';
import { untilStatus } from '../support/server.ts';
import { tempFolder } from '../support/temp.ts';

const LINES = Array.from({ length: 20 }, (_, n) => `line ${n + 1}\n`).join('');
const block = (line: number) => `\n<<<<<<< SEARCH\nline ${line}\n=======\nLINE ${line}\n>>>>>>> REPLACE`;
const done = (text: string) => `{"tool":"finish","outcome":"done"}\n${text}`;

/** A model that does one thing for each word of an instruction. */
const SCRIPTS = [
  { answers: [done('There was nothing to do.')] },
  {
    when: 'Make lines large',
    answers: [
      `{"tool":"edit_file","path":"lines.txt"}${block(3)}${block(17)}`,
      '{"tool":"edit_file","path":"other.txt"}\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE',
      done('They are large.'),
    ],
  },
  {
    when: 'Ask for the port',
    answers: ['{"tool":"ask_person","question":"Which port is it to be?"}', done('It is known.')],
  },
  {
    when: 'Write the log',
    answers: ['{"tool":"run_command","command":"echo hi > log.txt"}', done('It is left alone.')],
  },
  { when: 'Give up', answers: ['{"tool":"finish","outcome":"failed"}\nThere is no such thing.'] },
  { when: 'Plan the work', answers: [done('1. Change lines.txt\n2. Change lines.txt again (after 1)')] },
];

const textOf = ({ workspace }: HubInBrowser, path: string) => readFileSync(join(workspace, path), 'utf8');
const changed = (...lines: readonly number[]) =>
  lines.reduce((text, line) => text.replace(`line ${line}\n`, `LINE ${line}\n`), LINES);

test('the page of tasks', { timeout: 300_000 }, async (t) => {
  using folder = tempFolder('scripted');
  const model = join(folder.path, 'scripted.gguf');
  writeScriptedModel(model, SCRIPTS, { contextLength: 16_384 });
  await using hub = await openHub({ settings: { models: [model] } });
  const { page, client } = hub;
  page.setDefaultTimeout(8_000);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const tab = (name: string) => page.getByRole('tab', { name });
  writeFileSync(join(hub.workspace, 'lines.txt'), LINES);
  /** Submits and opens a task; resolves with it when it stands still. */
  const submitted = async (instruction: string, kind: 'agent' | 'plan' = 'agent') => {
    const { task } = await client.request('task/submit', { instruction, kind });
    await hub.go(`tasks/${task.number}`);
    return untilStatus(client, task.id, 'done', 'failed', 'paused');
  };

  await t.test('a task is submitted, watched, and its hunks are decided one by one, and taken back', async () => {
    await hub.go('tasks/new');
    await page.getByRole('textbox', { name: 'What is to be done' }).fill('Make lines large');
    await hub.look('tasks-new', ['narrow']);
    await button('Start the task').click();
    const stream = page.getByRole('log');
    await stream.getByText('Changes are proposed').waitFor();
    await stream.getByRole('heading', { name: /^Turn 1: edit/ }).waitFor();
    await hub.look('tasks-stream', ['wide']);

    await tab('Changes').click();
    await page.getByText('2 files, 3 hunks to decide').waitFor();
    await hub.look('tasks-changes');
    await button('Accept hunk 2 of 2').click();
    await page.getByText('2 files, 2 hunks to decide').waitFor();
    equal(textOf(hub, 'lines.txt'), changed(17));
    const other = page.getByRole('region', { name: 'other.txt', exact: true });
    await other.getByRole('button', { name: 'Accept file' }).click();
    await page.getByText('2 files, 1 hunk to decide').waitFor();
    equal(textOf(hub, 'other.txt'), 'new\n');
    await button('Reject all').click();
    await page.getByText('2 files: accepted, and on disk').waitFor();
    equal(textOf(hub, 'lines.txt'), changed(17));
    await button('Undo').click();
    await page.getByText('2 files: undone, and not on disk any more').waitFor();
    equal(textOf(hub, 'lines.txt'), LINES);
    ok(!existsSync(join(hub.workspace, 'other.txt')));
  });

  await t.test('what was changed meanwhile is a conflict, which the person decides', async () => {
    const task = await submitted('Make lines large again');
    writeFileSync(join(hub.workspace, 'lines.txt'), LINES.replace('line 3\n', 'my line\n'));
    await tab('Changes').click();
    await button('Accept all').click();
    const conflict = page.getByRole('region', { name: 'Conflict in lines.txt' });
    await conflict.getByText(/still is a marker/).waitFor();
    await hub.look('tasks-conflict', ['wide']);
    await conflict.getByRole('button', { name: "Take the task's version" }).click();
    await conflict.waitFor({ state: 'detached' });
    await button('Accept all').click();
    await page.getByText('2 files: accepted, and on disk').waitFor();
    equal(textOf(hub, 'lines.txt'), changed(3, 17));
    await client.request('proposal/undo', { taskId: task.id });
    await page.getByText('2 files: undone, and not on disk any more').waitFor();
    writeFileSync(join(hub.workspace, 'lines.txt'), LINES);
  });

  await t.test('a question is answered, and a command is denied with a reason', async () => {
    const asked = await submitted('Ask for the port');
    const card = page.getByRole('region', { name: 'The task asks' });
    await card.getByText('Which port is it to be?').waitFor();
    await hub.look('tasks-question', ['wide']);
    await card.getByRole('textbox').fill('Port 8080');
    await card.getByRole('button', { name: 'Answer', exact: true }).click();
    await untilStatus(client, asked.id, 'done');
    await card.waitFor({ state: 'detached' });

    const acts = await submitted('Write the log');
    await card.getByText('echo hi > log.txt').first().waitFor();
    await hub.look('tasks-approval', ['wide']);
    await card.getByRole('button', { name: 'Deny, and Say Why…' }).click();
    await card.getByRole('textbox').fill('Not in this folder.');
    await card.getByRole('button', { name: 'Deny with this reason' }).click();
    await untilStatus(client, acts.id, 'done');
    const { approvals } = await client.request('approval/list', {});
    deepEqual(
      approvals.map(({ status, answer }) => [status, answer]),
      [
        ['denied', 'Not in this folder.'],
        ['answered', 'Port 8080'],
      ],
    );
  });

  await t.test('a failed task says why, and is retried, also from a step', async () => {
    const failed = await submitted('Give up');
    equal(failed.status, 'failed');
    await page.getByRole('alert').getByText('There is no such thing.').waitFor();
    await button('Retry').click();
    await page
      .getByRole('log')
      .getByText('Attempt 2')
      .or(page.getByRole('log').getByText('Attempt 1'))
      .nth(1)
      .waitFor();
    await untilStatus(client, failed.id, 'failed');
    await tab('Steps').click();
    await hub.look('tasks-steps', ['wide']);
    await button('Retry from the beginning').first().click();
    await untilStatus(client, failed.id, 'failed');
  });

  await t.test('a plan is changed and started, and its graph is drawn', async () => {
    const plan = await submitted('Plan the work', 'plan');
    await tab('Plan').click();
    await page.getByRole('textbox', { name: 'Part 1' }).waitFor();
    await hub.look('tasks-plan', ['narrow']);
    await button('Add a part').click();
    await page.getByRole('textbox', { name: 'Part 3' }).fill('Make lines large at last');
    await button('Start 3 tasks').click();
    await button(/^\d+ Make lines large at last/).waitFor();
    await hub.look('tasks-graph', ['wide']);
    const { tasks } = await client.request('task/list', { parentId: plan.id });
    deepEqual(
      tasks.map(({ dependsOn }) => dependsOn.length),
      [1, 1, 0],
    );
    for (const { id } of tasks) await client.request('task/cancel', { taskId: id }).catch(() => {});
  });

  await t.test('tasks are found by words, and by what they wait for', async () => {
    await hub.go('tasks');
    const rows = page.getByRole('list', { name: 'Tasks that were found' }).getByRole('listitem');
    await page.getByRole('textbox', { name: 'Look for tasks' }).fill('LARGE');
    await page.getByText('3 tasks were found').waitFor();
    equal(await rows.count(), 3);
    await page.getByRole('textbox', { name: 'Look for tasks' }).fill('no such words');
    await page.getByRole('heading', { name: 'No task fits' }).waitFor();
    await page.getByRole('textbox', { name: 'Look for tasks' }).fill('');
    await page.getByRole('list', { name: 'Tasks', exact: true }).waitFor();
  });

  await t.test('everything is reached by the keyboard', async () => {
    await hub.go('tasks');
    const focused = () => page.evaluate('document.activeElement?.getAttribute("data-row")');
    await page.getByRole('list', { name: 'Tasks', exact: true }).locator('[data-row="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction('document.activeElement?.getAttribute("data-row") === "1"');
    equal(await focused(), '1');
    await page.keyboard.press('Home');
    await page.waitForFunction('document.activeElement?.getAttribute("data-row") === "0"');
    await page.keyboard.press('Enter');
    await page.getByRole('tablist').waitFor();
    await hub.go('tasks/2/stream');
    await page.getByRole('tab', { name: 'Stream', selected: true }).focus();
    for (const name of ['Changes', 'Steps', 'Graph']) {
      await page.keyboard.press('ArrowRight');
      await page.getByRole('tab', { name, selected: true }).and(page.locator(':focus')).waitFor();
    }
    match(await page.evaluate('location.hash'), /^#\/tasks\/2\/graph$/);
  });

  deepEqual(hub.complaints, []);
});

test('the embedded model changes a file, which is accepted and taken back', { timeout: 120_000 }, async () => {
  await using hub = await openHub();
  const { page } = hub;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const before = textOf(hub, 'src/limits.ts');
  await hub.go('tasks/new');
  await page.getByRole('textbox', { name: 'What is to be done' }).fill('Set RETRY_MAX to 5 in src/limits.ts.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('log').getByText('Changes are proposed').waitFor();
  await page.getByRole('tab', { name: 'Changes' }).click();
  await button('Accept all').click();
  await page.getByText('1 file: accepted, and on disk').waitFor();
  equal(textOf(hub, 'src/limits.ts'), before.replace('RETRY_MAX = 3', 'RETRY_MAX = 5'));
  await button('Undo').click();
  await page.getByText('1 file: undone, and not on disk any more').waitFor();
  equal(textOf(hub, 'src/limits.ts'), before);
  deepEqual(hub.complaints, []);
});
